#!/usr/bin/env bash
# The dropout rate that validation chose, alone on stdout; how good it is on stderr. Needs jq.
# Usage: scripts/best_rate.sh RESULTS
#   dropsweep run longer.yaml -s "dropout.rates=[$(scripts/best_rate.sh results/cs231n)]"
set -euo pipefail
[ $# -eq 1 ] || { echo "Usage: $0 RESULTS" >&2; exit 2; }
results=$1

chosen=$(dropsweep show "$results" --format json | jq -e '.[] | select(.selected)')
jq -r '"validation \(.val_accuracy), test \(.test_accuracy), \(.runs) run(s)"' <<<"$chosen" >&2
jq '.rate' <<<"$chosen"
