-- The version of what anyone may see.
SELECT version FROM pub.version
