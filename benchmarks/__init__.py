"""Benchmarks of speed, memory and growth on fictional networks. Run `./dev bench --help` for the options."""
