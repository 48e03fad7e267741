"""Methods: pure functions on arrays and tables, exact to the published formulae."""
