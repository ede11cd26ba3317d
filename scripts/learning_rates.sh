#!/usr/bin/env bash
# Does the dropout rate to choose depend on the learning rate? One sweep and one table per learning rate.
# Usage: scripts/learning_rates.sh CONFIG [OPTION OF RUN]...
#   LEARNING_RATES="1e-4 1e-3" scripts/learning_rates.sh configs/cs231n.yaml -s seeds=8
# (A config's `grid` does the same in one sweep; a loop can also vary what a grid cannot.)
set -euo pipefail
[ $# -ge 1 ] || { echo "Usage: $0 CONFIG [OPTION OF RUN]..." >&2; exit 2; }
config=$1
shift

for rate in ${LEARNING_RATES:-2.5e-4 5e-4 1e-3}; do
    # --quiet leaves one line on stdout: the results folder
    folder=$(dropsweep run "$config" -s "training.learning_rate=$rate" \
        -o "results/learning_rates/$rate" --quiet "$@")
    echo "learning rate $rate, $folder:"
    dropsweep show "$folder"
    echo
done
