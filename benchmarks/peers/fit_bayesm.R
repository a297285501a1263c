# bayesm's hierarchical multinomial logit on a long CSV. Arguments: CSV, iterations, seed, output, every how many draws are kept.
# One normal component under bayesm's own prior: draws of the population means, and of the spreads behind them. Or, with a
# number of components and the diagonal of the prior's V after those arguments: shares, then means and covariance of each.
suppressMessages(library(bayesm))
a <- commandArgs(TRUE)
iterations <- as.integer(a[2]); set.seed(as.integer(a[3])); keep <- as.integer(a[5])
d <- read.csv(a[1])
names <- setdiff(colnames(d), c("subject", "situation", "alternative", "chosen"))
p <- sum(d$situation == d$situation[1])
people <- lapply(split(d, d$subject), function(e) {
  list(y = apply(matrix(e$chosen, nrow = p), 2, which.max), X = as.matrix(e[, names]))
})
is_mixture <- length(a) > 5
prior <- list(ncomp = 1)
if (is_mixture) {
  prior <- list(ncomp = as.integer(a[6]), nu = length(names) + 3, V = as.numeric(a[7]) * diag(length(names)))
}
invisible(capture.output(r <- rhierMnlRwMixture(
  Data = list(p = p, lgtdata = people), Prior = prior, Mcmc = list(R = iterations, keep = keep, nprint = 0)
)))
means <- function(part) part$mu
covariance <- function(part) crossprod(solve(part$rooti))
if (is_mixture) {
  of <- function(one) unlist(lapply(one, function(part) c(means(part), covariance(part))))
  found <- cbind(r$nmix$probdraw, t(sapply(r$nmix$compdraw, of)))
} else {
  found <- t(sapply(r$nmix$compdraw, function(one) c(means(one[[1]]), sqrt(diag(covariance(one[[1]]))))))
}
write.csv(found, a[4], row.names = FALSE)
