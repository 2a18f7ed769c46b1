-- Whether any record that may be seen is made up.
SELECT EXISTS (SELECT FROM pub.activity WHERE demonstration)
