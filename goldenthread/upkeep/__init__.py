"""What keeps the workbook going: releases that agree with themselves; refreshes that say what changed."""
