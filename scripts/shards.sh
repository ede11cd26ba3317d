#!/usr/bin/env bash
# A sweep split into parts that know nothing of each other, and merged: here as processes of one
# machine, which stand for machines without a common disk.
# Usage: scripts/shards.sh CONFIG [OPTION OF RUN]...
#   SHARDS=4 scripts/shards.sh configs/cs231n.yaml -s seeds=8
set -euo pipefail
[ $# -ge 1 ] || { echo "Usage: $0 CONFIG [OPTION OF RUN]..." >&2; exit 2; }
config=$1
shift
shards=${SHARDS:-2}

folders=() processes=()
trap 'kill "${processes[@]}" 2>/dev/null || true' EXIT # a Ctrl-C, or one that fails, stops all
for ((i = 0; i < shards; i++)); do
    dropsweep run "$config" --shard "$i/$shards" -o "results/shards/$i" --no-plots --quiet "$@" >&2 &
    folders+=("results/shards/$i") processes+=($!)
done
for process in "${processes[@]}"; do
    wait "$process" # a part that failed ends this script with its exit code
done
trap - EXIT

dropsweep merge "${folders[@]}" -o results/shards/all >&2
dropsweep run "$config" -o results/shards/all "$@" # nothing is left to train: figures and the table
