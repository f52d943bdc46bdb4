"""Coalition plans: the smallest set of members that covers chosen issue areas in chosen regions.

request -> candidates -> cover_problem -> cover_solver -> certificate -> plan -> plan_sentences. The solver also runs in other
processes, which import nothing but cover_solver.py, highs_models.py, exhaustive_search.py and HiGHS: this package must import
nothing itself.
"""
