"""How labelled questions are understood. `scoring` judges one reading, `word_scores` measures a file of questions."""
