-- The measures of the plans that are loaded, and their default classes.
SELECT code, class FROM pub.measure
