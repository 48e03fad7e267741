#!/usr/bin/env bash
# Offers changed figures as a pull request, or brings the one that is open up to date.
# usage: offer.sh BRANCH FILE-WITH-THE-TEXT
set -euo pipefail
branch=$1
text=$2
if [ -z "$(git status --porcelain -- data/snapshot)" ]; then
    echo "No figure changed: nothing to offer."
    exit 0
fi
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
git switch --force-create "$branch"
git add data/snapshot
{ printf "Bring the figures up to date\n\n"; cat "$text"; } | git commit --quiet --file -
git push --force origin "HEAD:refs/heads/$branch"
if [ "$(gh pr list --head "$branch" --state open --json number --jq length)" = 0 ]; then
    gh pr create --head "$branch" --title "New figures" --body-file "$text"
else
    gh pr edit "$branch" --body-file "$text"
fi
