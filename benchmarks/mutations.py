"""Would a test notice if a line were wrong? Mutants of theories, likelihoods, comparison, oracles and readers.

``python benchmarks/mutations.py FOLDER [MUTANTS] [part ...]`` clones the last commit into FOLDER, draws MUTANTS (20)
single changes of the code of each part at random, and runs that part's fast tests on each: a mutant that no test
notices survives. It writes ``mutations.md`` with the counts and the changes that survived, to be read one by one: some
change nothing that anybody could see. Needs cosmic-ray (``pip install cosmic-ray``) on the path; some minutes a part.
An interrupted run goes on.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
SEED, SECONDS = 1, 400.0
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "theories": (
        ("theories/replies/best.py", "theories/replies/chain.py", "theories/messages/trust_embedded.py")
        + ("theories/messages/costly_lying.py", "theories/messages/fixed_discount.py", "theories/messages/levels.py"),
        ("theories/test_trust_embedded.py", "theories/test_level_k.py", "theories/test_level_k_chain.py")
        + ("theories/test_fixed_discount.py", "theories/test_decisions.py", "theories/test_levels.py")
        + ("theories/test_level_k_lying.py", "theories/test_noisy_chain.py"),
    ),
    "likelihoods of choices": (
        ("choice/likelihoods",),
        ("choice/test_logit_likelihoods.py", "choice/test_nests.py", "choice/test_pooled_fits.py")
        + ("choice/test_heteroscedastic.py", "choice/test_latent_classes.py", "choice/test_counts.py"),
    ),
    "comparison": (
        ("evaluation/comparison/better.py", "evaluation/comparison/comparable.py", "evaluation/comparison/compare.py")
        + ("evaluation/comparison/comparison.py", "evaluation/comparison/random_effects.py"),
        ("evaluation/test_compare.py", "evaluation/test_random_effects.py", "evaluation/test_left_out.py")
        + ("evaluation/test_left_out_of_the_verdict.py",),
    ),
    "oracles": (
        ("assortment/oracles", "assortment/fastest_oracle.py", "assortment/conflict.py"),
        ("assortment/test_assortment_brute_force.py", "assortment/test_assortment_unimodular.py")
        + ("assortment/test_assortment_errors.py",),
    ),
    "readers": (
        ("data/files/csv_file.py", "data/files/by_row.py", "data/cells", "data/choices/wide.py", "data/choices/long.py"),
        ("data/test_csv_file.py", "data/test_by_row.py", "data/test_identities.py", "data/test_data_table.py")
        + ("data/test_labels.py", "choice/test_choice_layouts.py", "choice/test_choice_tables.py"),
    ),
}


def configured(part: str, folder: Path) -> Path:
    """Return the file that says which code is changed and which tests are run."""
    code, tests = PARTS[part]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "'not slow'"]
    lines = (
        "[cosmic-ray]",
        f"module-path = {json.dumps([f'estimation/{name}' for name in code])}",
        f"timeout = {SECONDS}",
        "excluded-modules = []",
        f'test-command = "{" ".join([*command, *(f"tests/{name}" for name in tests)])}"',
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
            jobs = sorted(job for (job,) in stored.execute("SELECT job_id FROM mutation_specs ORDER BY rowid"))
            kept = set(random.Random(SEED).sample(_in_order(stored), min(mutants, len(jobs))))
            for table in ("mutation_specs", "work_items"):
                stored.executemany(f"DELETE FROM {table} WHERE job_id = ?", [(job,) for job in jobs if job not in kept])
    return settings, session


def _in_order(stored: sqlite3.Connection) -> list[str]:
    """Return the mutants in an order that follows from the code: their names are random."""
    order = "module_path, start_pos_row, start_pos_col, operator_name, occurrence"
    return [job for (job,) in stored.execute(f"SELECT job_id FROM mutation_specs ORDER BY {order}")]


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
