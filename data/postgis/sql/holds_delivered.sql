-- Contributions under an order that stands before acceptance, or from before it
-- was issued.
SELECT c.source || '//' || c.external_id, format('the order is %s, issued on %s', o.state, o.issued_on)
FROM raw.contribution c JOIN raw.purchase_order o ON o.id = c.order_id
WHERE o.state IN ('draft', 'issued', 'declined', 'cancelled') OR c.delivered_from < o.issued_on
ORDER BY 1
