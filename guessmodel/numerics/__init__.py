"""Plain functions of arrays, which know neither quantities nor units."""
