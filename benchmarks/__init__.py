"""Speed, memory and growth, measured on fictional networks. `./dev bench --help` tells how."""
