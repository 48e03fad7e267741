"""An open workbook for performance management in English councils."""
