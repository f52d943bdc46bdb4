"""Records in: readers turn files into rows, `plan` tells what each row would do, `apply` does it in one transaction."""
