#!/usr/bin/env bash
# Two sweeps in the same figures: each is trained where runs are missing, then both are overlaid.
# Usage: scripts/compare_sweeps.sh CONFIG CONFIG [OPTION OF RUN]...
#   scripts/compare_sweeps.sh configs/cs231n.yaml configs/gaussian.yaml
set -euo pipefail
[ $# -ge 2 ] || { echo "Usage: $0 CONFIG CONFIG [OPTION OF RUN]..." >&2; exit 2; }
one=$1 two=$2
shift 2

# folders of their own: options given here would redraw the figures of the sweeps that are there
first=$(dropsweep run "$one" -o "results/comparison/$(basename "$one" .yaml)" --quiet "$@")
second=$(dropsweep run "$two" -o "results/comparison/$(basename "$two" .yaml)" --quiet "$@")
dropsweep plot "$first" "$second" --compare -o results/comparison \
    --label "$(basename "$first")" --label "$(basename "$second")"
