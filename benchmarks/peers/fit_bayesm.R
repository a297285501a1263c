# bayesm's hierarchical multinomial logit with one normal component, on a long CSV: draws of the population means and spreads.
suppressMessages(library(bayesm))
a <- commandArgs(TRUE)
iterations <- as.integer(a[2]); set.seed(as.integer(a[3])); keep <- as.integer(a[5])
d <- read.csv(a[1])
names <- setdiff(colnames(d), c("subject", "situation", "alternative", "chosen"))
p <- sum(d$situation == d$situation[1])
people <- lapply(split(d, d$subject), function(e) {
  list(y = apply(matrix(e$chosen, nrow = p), 2, which.max), X = as.matrix(e[, names]))
})
capture.output(r <- rhierMnlRwMixture(
  Data = list(p = p, lgtdata = people), Prior = list(ncomp = 1), Mcmc = list(R = iterations, keep = keep, nprint = 0)
))
means <- t(sapply(r$nmix$compdraw, function(one) one[[1]]$mu))
spreads <- t(sapply(r$nmix$compdraw, function(one) sqrt(diag(crossprod(solve(one[[1]]$rooti))))))
write.csv(cbind(means, spreads), a[4], row.names = FALSE)
