#!/usr/bin/env bash
# Keeps one open issue about addresses that no longer answer, and closes it when all do.
# usage: tell.sh success|failure FILE-WITH-THE-LIST
set -euo pipefail
outcome=$1
list=$2
title="Addresses that no longer answer"
cat "$list"
number=$(gh issue list --state open --search "in:title \"$title\"" --json number --jq '.[0].number // empty')
if [ "$outcome" = success ]; then
    if [ -n "$number" ]; then
        gh issue close "$number" --comment "All of them answer again."
    fi
    exit 0
fi
# In a block of code, so that an address is shown as it is and nobody is called by a name in it.
body=$(mktemp)
{
    echo "Found by \`goldenthread check links\`. Where an address has moved, change it on its page; where it is gone, say so there."
    echo
    echo '```'
    head -c 50000 "$list"
    echo '```'
} > "$body"
if [ -n "$number" ]; then
    gh issue edit "$number" --body-file "$body"
else
    gh issue create --title "$title" --body-file "$body"
fi
