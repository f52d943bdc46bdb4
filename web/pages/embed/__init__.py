"""Lists and maps of searches for frames on other web sites."""
