"""Would a test notice if a line were wrong? Mutants of theories, likelihoods, comparison, oracles and readers.

``python benchmarks/mutations.py FOLDER [MUTANTS] [part ...]`` clones the last commit into FOLDER, draws MUTANTS (20)
single changes of the code of each part at random, and runs that part's fast tests on each: a mutant that no test
notices survives. It writes ``mutations.md`` with the counts and the changes that survived, to be read one by one: some
change nothing that anybody could see. Needs cosmic-ray (``pip install cosmic-ray``) on the path; some minutes a part.
An interrupted run goes on.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parents[1]
SEED, SECONDS = 1, 400.0
IN_ORDER = (  # of the code: names of mutants are random
    "SELECT job_id FROM mutation_specs ORDER BY module_path, start_pos_row, start_pos_col, operator_name, occurrence"
)
PARTS = {
    "theories": (
        "theories/replies/best theories/replies/chain theories/messages/trust_embedded theories/messages/levels "
        "theories/messages/costly_lying theories/messages/fixed_discount",
        "theories/test_trust_embedded theories/test_level_k theories/test_level_k_chain theories/test_fixed_discount "
        "theories/test_decisions theories/test_graphs_of_decisions theories/test_parameters_of_theories "
        "theories/test_levels theories/test_level_k_lying theories/test_noisy_chain "
        "theories/test_beliefs_about_errors",
    ),
    "likelihoods of choices": (
        "choice/likelihoods/logit choice/likelihoods/nested choice/likelihoods/scaled choice/likelihoods/nests "
        "choice/likelihoods/memberships choice/likelihoods/target choice/likelihoods/arrays",
        "choice/test_logit_likelihoods choice/test_nests choice/test_pooled_fits choice/test_heteroscedastic "
        "choice/test_latent_classes choice/test_counts choice/test_fixed_weights choice/test_own_choice_model",
    ),
    "comparison": (
        "evaluation/comparison/better evaluation/comparison/comparable evaluation/comparison/compare "
        "evaluation/comparison/comparison evaluation/comparison/random_effects",
        "evaluation/test_compare evaluation/test_winners evaluation/test_random_effects evaluation/test_left_out "
        "evaluation/test_left_out_of_the_verdict evaluation/test_words_of_comparisons",
    ),
    "oracles": (
        "assortment/oracles/assignment assortment/oracles/cardinality assortment/oracles/chain "
        "assortment/oracles/closure assortment/oracles/laminar assortment/oracles/linear "
        "assortment/oracles/unimodular assortment/fastest_oracle assortment/conflict",
        "assortment/test_assortment_brute_force assortment/test_assortment_unimodular "
        "assortment/test_assortment_errors assortment/test_catalogues_as_given",
    ),
    "readers": (
        "data/files/csv_file data/files/by_row data/cells/cells data/cells/labels data/cells/rows data/choices/wide "
        "data/choices/long",
        "data/test_csv_file data/test_by_row data/test_identities data/test_data_table data/test_labels "
        "choice/test_choice_layouts choice/test_choice_tables choice/test_malformed_choice_tables",
    ),
}
"""Part → modules that are changed, and modules of tests that should notice."""


def configured(part: str, folder: Path) -> Path:
    """Return the file that says which code is changed and which tests are run."""
    code, tests = (names.split() for names in PARTS[part])
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "'not slow'"]
    lines = (
        "[cosmic-ray]",
        f"module-path = {json.dumps([f'estimation/{name}.py' for name in code])}",
        f"timeout = {SECONDS}",
        "excluded-modules = []",
        f'test-command = "{" ".join([*command, *(f"tests/{name}.py" for name in tests)])}"',
        "[cosmic-ray.distributor]",
        'name = "local"',
    )
    file = folder / f"{part}.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def drawn(part: str, folder: Path, mutants: int) -> tuple[Path, Path]:
    """Return settings and session of a part, with so many of all possible mutants."""
    settings, session = configured(part, folder), folder / f"{part}.sqlite"
    if not session.exists():
        _run(["cosmic-ray", "init", str(settings), str(session)], folder / "clone")
        with sqlite3.connect(session) as stored:
            every = [job for (job,) in stored.execute(IN_ORDER)]
            kept = np.random.default_rng(SEED).permutation(len(every))[:mutants]
            others = [(job,) for place, job in enumerate(every) if place not in set(kept.tolist())]
            stored.executemany("DELETE FROM mutation_specs WHERE job_id = ?", others)
            stored.executemany("DELETE FROM work_items WHERE job_id = ?", others)
    return settings, session


def survivors(session: Path, clone: Path) -> tuple[int, list[str]]:
    """Return how many mutants were tried, and the changes that no test noticed."""
    told = _run(["cosmic-ray", "dump", str(session)], clone)
    rows = [json.loads(line) for line in told.splitlines()]
    tried = [result for _, result in rows if result]
    return len(tried), [result["diff"] for result in tried if result["test_outcome"] == "survived"]


def changed_lines(diff: str) -> str:
    """Return the file and the lines that were changed."""
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    name = next(line for line in diff.splitlines() if line.startswith("+++"))[6:]
    return f"{name}\n" + "\n".join(lines)


def page(found: dict[str, tuple[int, list[str]]]) -> str:
    """Return the counts and the survivors, in Markdown."""
    rows = [f"| {part} | {tried} | {tried - len(left)} | {len(left)} |" for part, (tried, left) in found.items()]
    pieces = ["# Mutants", "\n".join(["| part | mutants | noticed | survived |", "| --- | --- | --- | --- |", *rows])]
    for part, (_, left) in found.items():
        pieces += [f"## {part}", *(f"```diff\n{changed_lines(diff)}\n```" for diff in left)]
    return "\n\n".join(pieces) + "\n"


def _run(command: list[str], where: Path) -> str:
    return subprocess.run(command, cwd=where, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Draw mutants, test them, and write the page."""
    folder, mutants = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 20
    clone, found = folder / "clone", {}
    if not clone.exists():
        _run(["git", "clone", "-q", str(HERE), str(clone)], HERE)
    for part in sys.argv[3:] or PARTS:
        settings, session = drawn(part, folder, mutants)
        _run(["git", "checkout", "-q", "."], clone)  # an interrupted run may have left a mutant
        _run(["cosmic-ray", "exec", str(settings), str(session)], clone)
        found[part] = survivors(session, clone)
        (folder / "mutations.md").write_text(page(found), encoding="utf-8")
        print(part, found[part][0], "mutants,", len(found[part][1]), "survived", flush=True)


if __name__ == "__main__":
    main()
