-- Takes back cells that no public place is shown in any more: what they were
-- made for may have become secret.
DELETE FROM pub.cell c
WHERE NOT EXISTS (SELECT FROM pub.place p WHERE p.level = 'cell' AND p.cell = c.cell)
