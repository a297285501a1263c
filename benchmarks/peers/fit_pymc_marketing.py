"""Fit a long CSV of choices with pymc-marketing's mixed logit, from import to draws; print facts as JSON.

Its random coefficients are independent of each other, and its default sampler needs a package that it does not install:
nutpie samples instead. One constant per alternative comes with the model.
"""

from __future__ import annotations

import json
import sys
import warnings

import arviz as az
import pandas as pd

warnings.simplefilter("ignore")

STANDARD = ("subject", "situation", "alternative", "chosen")


def wide(frame: pd.DataFrame, terms: list[str]) -> pd.DataFrame:
    """Return one row per situation, with the attributes of each alternative and who chose what."""
    frame = frame.assign(alternative="a" + frame["alternative"].astype(str))
    table = frame.pivot_table(index="situation", columns="alternative", values=terms)
    table.columns = [f"{alternative}_{term}" for term, alternative in table.columns]
    taken = frame[frame["chosen"] == 1].set_index("situation")
    return table.assign(choice=taken["alternative"], subject=taken["subject"].astype(str)).reset_index(drop=True)


if __name__ == "__main__":
    from pymc_marketing.customer_choice import MixedLogit

    frame = pd.read_csv(sys.argv[1], dtype={"alternative": str})
    terms = [str(name) for name in frame.columns if name not in STANDARD]
    alternatives = sorted("a" + frame["alternative"].unique())
    table = wide(frame, terms)
    equations = []
    for label in alternatives:
        own = " + ".join(f"{label}_{term}" for term in terms)
        equations.append(f"{label} ~ {own} | | {own}")
    model = MixedLogit(table, equations, "choice", terms, group_id="subject")
    draws, tune, chains = 300, 500, 2
    model.fit(
        nuts_sampler="nutpie", draws=draws, tune=tune, chains=chains, random_seed=int(sys.argv[2]), progressbar=False
    )
    means = model.idata["posterior"]["mu_random"].to_numpy()
    ess = [float(az.ess(means[:, :, k])) for k in range(means.shape[2])]
    rhat = [float(az.rhat(means[:, :, k])) for k in range(means.shape[2])]
    print(json.dumps({"ess": min(ess), "rhat": max(rhat), "means": means.mean(axis=(0, 1)).tolist()}))
