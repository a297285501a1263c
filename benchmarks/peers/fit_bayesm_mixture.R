# bayesm's hierarchical multinomial logit with several normal components, on a long CSV: draws of shares, means and covariances.
# Arguments: CSV, iterations, seed, output, every how many are kept, components, and the diagonal of the prior's V.
suppressMessages(library(bayesm))
a <- commandArgs(TRUE)
iterations <- as.integer(a[2]); set.seed(as.integer(a[3])); keep <- as.integer(a[5])
d <- read.csv(a[1])
names <- setdiff(colnames(d), c("subject", "situation", "alternative", "chosen"))
p <- sum(d$situation == d$situation[1])
people <- lapply(split(d, d$subject), function(e) {
  list(y = apply(matrix(e$chosen, nrow = p), 2, which.max), X = as.matrix(e[, names]))
})
prior <- list(ncomp = as.integer(a[6]), nu = length(names) + 3, V = as.numeric(a[7]) * diag(length(names)))
invisible(capture.output(r <- rhierMnlRwMixture(
  Data = list(p = p, lgtdata = people), Prior = prior, Mcmc = list(R = iterations, keep = keep, nprint = 0)
)))
of <- function(one) unlist(lapply(one, function(part) c(part$mu, crossprod(solve(part$rooti)))))
write.csv(cbind(r$nmix$probdraw, t(sapply(r$nmix$compdraw, of))), a[4], row.names = FALSE)
