"""Benchmarks. Each module is one command that prints its figures and keeps them in `results/`;
`python -m bench.report` writes them, with the machine they came from, into `README.md`."""
