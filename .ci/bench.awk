# Prints the lines of Go benchmarks as a table: a benchmark, its figures one a
# line. What goes wrong stands as it is.
/^Benchmark/ {
  name = $1
  sub(/^Benchmark/, "", name)
  sub(/-[0-9]+$/, "", name)
  for (i = 3; i < NF; i += 2) {
    if ($(i + 1) == "ns/op" && $i == 0) continue
    printf "%-34s %14s  %s\n", name, $i, $(i + 1)
    name = ""
  }
  fflush()
  next
}
/^cpu:/ && !told { print; told = 1; next }
/^(goos|goarch|pkg|cpu|PASS|ok|\?|=== |--- BENCH)/ { next }
{ print; fflush() }
/^(FAIL|--- FAIL|panic)/ { failed = 1 }
END { exit failed }
