"""Numbers of the forecast-sharing game, computed by hand and by brute force before the package existed.

The four cells have a high or low cost of capacity and high or low uncertainty of demand. Their prices and ranges are
recollections of the design, not taken from the paper of Ozer, Zheng and Chen (2011); all tables hold for these numbers.
"""

from __future__ import annotations

COMMON = {"mean_demand": 250.0, "retail_price": 100.0, "wholesale_price": 75.0, "unit_cost": 0.0, "state_range": 150.0}
CELLS = {
    "dear, uncertain": COMMON | {"capacity_cost": 60.0, "noise_range": 75.0},
    "dear, certain": COMMON | {"capacity_cost": 60.0, "noise_range": 25.0},
    "cheap, uncertain": COMMON | {"capacity_cost": 15.0, "noise_range": 75.0},
    "cheap, certain": COMMON | {"capacity_cost": 15.0, "noise_range": 25.0},
}

REPORTS = (-150, 0, 75, 150)
STATES = (-100, 0, 100)
LYING_COSTS = (2, 8, 16)

CAPACITY = {
    ("dear, uncertain", 0.0): (55, 119.868, 141.190, 159.164),
    ("dear, uncertain", 0.5): (55, 167.082, 219.658, 269.868),
    ("dear, uncertain", 0.9): (55, 197.5, 268.75, 340),
    ("dear, certain", 0.0): (85, 130, 145, 160),
    ("dear, certain", 0.5): (85, 188.730, 234.934, 280),
    ("dear, certain", 0.9): (85, 227.5, 298.713, 369.495),
    ("cheap, uncertain", 0.0): (145, 230.132, 283.810, 340.836),
    ("cheap, uncertain", 0.5): (145, 257.918, 317.842, 380.132),
    ("cheap, uncertain", 0.9): (145, 287.5, 358.75, 430),
    ("cheap, certain", 0.0): (115, 220, 280, 340),
    ("cheap, certain", 0.5): (115, 236.270, 302.566, 370),
    ("cheap, certain", 0.9): (115, 257.5, 328.787, 400.505),
}
"""Best capacity after each of `REPORTS`, by trust."""

REPORT = {
    ("dear, uncertain", 0.0): ((150, 150, 150), (-51, 0, 100), (-100, 0, 100)),
    ("dear, uncertain", 0.5): ((57, 150, 150), (-11, 124, 150), (-94, 30, 150)),
    ("dear, uncertain", 0.9): ((16, 121, 150), (-24, 81, 150), (-77, 28, 133)),
    ("dear, certain", 0.0): ((125, 150, 150), (-100, 0, 100), (-100, 0, 100)),
    ("dear, certain", 0.5): ((-31, 131, 150), (-59, 97, 150), (-90, 0, 100)),
    ("dear, certain", 0.9): ((-60, 46, 150), (-73, 32, 138), (-91, 15, 120)),
    ("cheap, uncertain", 0.0): ((-36, 109, 150), (-100, 40, 150), (-100, 0, 100)),
    ("cheap, uncertain", 0.5): ((-65, 66, 150), (-100, 7, 135), (-100, 0, 100)),
    ("cheap, uncertain", 0.9): ((-79, 26, 131), (-100, 0, 100), (-100, 0, 100)),
    ("cheap, certain", 0.0): ((-64, 62, 150), (-87, 44, 150), (-100, 19, 144)),
    ("cheap, certain", 0.5): ((-78, 39, 150), (-98, 23, 136), (-100, 2, 116)),
    ("cheap, certain", 0.9): ((-91, 14, 119), (-100, 1, 106), (-100, 0, 100)),
}
"""Best whole-numbered reports in each of `STATES`, one row for each of `LYING_COSTS`, by trust."""

BABBLING = {"dear, uncertain": 159.16, "dear, certain": 160.00, "cheap, uncertain": 340.84, "cheap, certain": 340.00}
CRITICAL_RATIO = {"dear, uncertain": 0.2, "dear, certain": 0.2, "cheap, uncertain": 0.8, "cheap, certain": 0.8}
NOISE_QUANTILE = {"dear, uncertain": -45, "dear, certain": -15, "cheap, uncertain": 45, "cheap, certain": 15}
INFLATION = {"dear, uncertain": 120, "dear, certain": 40, "cheap, uncertain": 30, "cheap, certain": 10}
BABBLING_LEVEL = {"dear, uncertain": 3, "dear, certain": 8, "cheap, uncertain": 10, "cheap, certain": 30}

CHANNEL = {
    "dear, uncertain": (8200, 7900, 0.963, 5472, 0.667),
    "dear, certain": (9400, 9300, 0.989, 5765, 0.613),
    "cheap, uncertain": (20294, 20275, 0.999, 18993, 0.936),
    "cheap, certain": (20931, 20925, 1.000, 19265, 0.920),
}
"""Joint profit of one owner; of truth believed and its share of that; of babbling and its share."""

PROFITS = {
    "dear, uncertain": {"truth": (2850, 5050), "babbling": (1717, 3755), "min": (210, 6090), "max": (-3030, 6090)},
    "dear, certain": {"truth": (3450, 5850), "babbling": (1924, 3841), "min": (2357, 6232), "max": (-4403, 6232)},
    "cheap, uncertain": {"truth": (14100, 6175), "babbling": (12967, 6026), "min": (13890, 6248), "max": (12068, 6248)},
    "cheap, certain": {"truth": (14700, 6225), "babbling": (13174, 6091), "min": (14627, 6250), "max": (12524, 6250)},
}
"""Receiver's and sender's profit if the truth is believed, nothing is, or level 1 meets a credulous receiver."""

MOMENTS = {
    "dear, uncertain": (0.648, 96, 0.40),
    "dear, certain": (0.951, 37, 0.13),
    "cheap, uncertain": (0.972, 28.5, 0.10),
    "cheap, certain": (0.997, 9.8, 0.03),
}
"""Level-1 senders, smallest lie: slope of report on state, mean inflation, share of reports at the cap."""

REPLY_TO_CAP = {
    "dear, uncertain": (289.853, 205, 159.164),
    "dear, certain": (363.284, 335, 303.990),
    "cheap, uncertain": (430, 415, 401.515),
    "cheap, certain": (410, 405, 400.505),
}
"""Capacity after the highest report, levels 1 to 3, smallest lie."""

TRUSTS = (0.25, 0.5, 0.75, 1.0)
HONEST_FROM = {
    "dear, uncertain": (15.56, 18.69, 21.83, 19.92),
    "dear, certain": (15.44, 18.58, 21.76, 19.75),
    "cheap, uncertain": (15.53, 13.23, 9.85, 4.92),
    "cheap, certain": (21.25, 22.50, 17.86, 4.75),
}
"""Smallest lying cost at which every state is reported truthfully, for each of `TRUSTS`, on whole-numbered reports."""
