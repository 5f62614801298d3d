#!/usr/bin/env python3
"""Times kesu against the bare work and against two Python jobs; prints one markdown table. See README.md here."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FIRST, LAST, PERIOD = "2026-08-01", "2026-10-31", "2026-08..2026-10"
PANDAS_MOST = 100_000


@dataclass
class Took:
    seconds: float
    megabytes: float
    output: str = ""


def measure(command, accept=(0,)):
    """Wall time and peak memory of one process and what it waited for."""
    with tempfile.TemporaryFile() as words:
        begin = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=words, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        output = words.read().decode(errors="replace")
    if process.returncode not in accept:
        sys.exit(f"{' '.join(map(str, command))}\nended with {process.returncode}:\n{output[-3000:]}")
    return Took(seconds, usage.ru_maxrss / 1024, output)


def best(runs, work):
    """The fastest of several runs, with the highest peak of them all."""
    took = [work() for _ in range(runs)]
    fastest = min(took, key=lambda t: t.seconds)
    return Took(fastest.seconds, max(t.megabytes for t in took), fastest.output)


def arguments_of(doc):
    """Binary and number of runs of a benchmark that takes nothing else."""
    arguments = argparse.ArgumentParser(description=doc)
    arguments.add_argument("--runs", type=int, default=7)
    arguments.add_argument("--kesu", type=Path, help="a binary that is built already")
    chosen = arguments.parse_args()
    return chosen.kesu or build()[0], chosen.runs


def spread(runs, kesu, arguments, out):
    """Cells of a table: the fastest run, the median, the highest peak of memory."""

    def run():
        empty(out)
        return measure([kesu, "run", *arguments, "--out", out])

    took = sorted((run() for _ in range(runs)), key=lambda t: t.seconds)
    most = max(t.megabytes for t in took)
    return f"{took[0].seconds:.2f} s | {took[len(took) // 2].seconds:.2f} s | {most:.0f} MB"


def build():
    """Release binaries of kesu and of the bare work."""
    bare = ROOT / "benches" / "bare"
    for package in (ROOT, bare):
        subprocess.run(["cargo", "build", "--release"], cwd=package, check=True)
    return target(ROOT) / "release/kesu", target(bare) / "release/bare"


def target(package):
    answer = subprocess.check_output(["cargo", "metadata", "--no-deps", "--format-version=1"], cwd=package)
    return Path(json.loads(answer)["target_directory"])


def empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def one_size(kesu, bare, rows, runs, work, with_python):
    data, out = work / f"data-{rows}", work / f"out-{rows}"
    if not data.exists():
        measure([kesu, "sample", data, "--rows", rows, "--seed", 1])

    def run_kesu():
        empty(out)
        return measure([kesu, "run", "--period", PERIOD, "--rules", ROOT / "rules", "--data", data, "--out", out])

    took = {"kesu": best(runs, run_kesu)}

    def run_bare():
        answer = measure([bare, data, out / PERIOD, empty(work / "scratch")])
        read, write, *_ = map(float, answer.output.split())
        return Took(read + write, answer.megabytes, answer.output)

    took["bare"] = best(runs, run_bare)
    if with_python:
        for name, most in [("polars", rows), ("pandas", PANDAS_MOST)]:
            if rows <= most:
                job = HERE / f"{name}_job.py"
                took[name] = best(min(runs, 2), lambda: measure([sys.executable, job, data, empty(work / name), FIRST, LAST]))
    return took


def line(rows, took):
    def cell(name):
        return f"{took[name].seconds:.2f} s, {took[name].megabytes:.0f} MB" if name in took else "not run"

    def ratio(name):
        return f"{took[name].seconds / took['kesu'].seconds:.1f} ×" if name in took else "—"

    of_bare = took["kesu"].seconds / took["bare"].seconds
    return f"| {rows:,} | {cell('kesu')} | {cell('bare')} | **{of_bare:.2f}** | {cell('polars')} | {ratio('polars')} | {cell('pandas')} | {ratio('pandas')} |"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments.add_argument("--runs", type=int, default=3, help="of each; the fastest counts")
    arguments.add_argument("--no-python", action="store_true", help="only kesu and the bare work")
    arguments.add_argument("--work", type=Path, help="folder for inputs and outputs; kept")
    chosen = arguments.parse_args()
    kesu, bare = build()
    work = chosen.work or Path(tempfile.mkdtemp(prefix="kesu-bench-"))
    work.mkdir(parents=True, exist_ok=True)
    try:
        lines = []
        for rows in chosen.rows:
            took = one_size(kesu, bare, rows, chosen.runs, work, not chosen.no_python)
            lines.append(line(rows, took))
            print(lines[-1], file=sys.stderr, flush=True)
    finally:
        if not chosen.work:
            shutil.rmtree(work, ignore_errors=True)
    print("| complaints | kesu run | bare work | kesu / bare | polars + fastexcel + xlsxwriter | polars / kesu | pandas + openpyxl | pandas / kesu |")
    print("|---:|---|---|---:|---|---:|---|---:|")
    print("\n".join(lines))
    print(f"\nFastest of {chosen.runs} runs (Python: at most 2); peak memory is the highest of them. pandas is not run above {PANDAS_MOST:,} rows.")


if __name__ == "__main__":
    main()
