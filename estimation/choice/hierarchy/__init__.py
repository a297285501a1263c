"""People who value things differently: hierarchical and latent-class choice models, sampled by compiled kernels."""
