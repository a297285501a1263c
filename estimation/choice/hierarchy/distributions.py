"""How a coefficient is distributed over people: by names, by signs, and as it enters the utility."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.choice.arrays import CERTAIN

FIXED, NORMAL = "fixed", "normal"
SIGNS = {NORMAL: 0.0, "lognormal": 1.0, "-lognormal": -1.0, FIXED: 0.0}
"""The sign of what is log-normal; 0 for what enters as it is."""


def natural(latent: Array, sign: Array) -> Array:
    """Return weights as they enter the utility, (…, coefficient): log-normals are exponentials, with their sign."""
    logs = np.where(sign == 0, 0.0, np.minimum(latent, CERTAIN))
    return np.asarray(np.where(sign == 0, latent, sign * np.exp(logs)))
