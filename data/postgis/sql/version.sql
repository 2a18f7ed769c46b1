-- The version of what anyone may see.
SELECT pub.version_now()
