"""The dictionary of headers: how exports name each of our fields. To teach Holdfast a name, add it here."""

from holdfast.sources.names import Names, names

_LINES = (
    names(
        "customer_id",
        "customer number, customer no, customer nr, customer code, customer key, customer unique id, cust id, "
        "client id, "
        "client number, client code, user id, shopper id, buyer id, member id, kundennummer, kunden nr, kunden id, "
        "kundennr, kd nr, debitorennummer, id client, no client, n client, numero client, numero de client, "
        "code client, id do cliente, id cliente, "
        "codigo cliente, codigo de cliente, codigo do cliente, numero cliente, numero de cliente, cliente id",
        "customer, client, user, shopper, kunde, cliente, account id, contact id, customer email, customer e mail, "
        "billing email, buyer email, kaufer, acheteur, comprador, person id, consumer id, uid",
        "email, e mail, email address, courriel, correo electronico, household key, household id",
        "customer name, kundenname, nom client, nom du client, nombre cliente, nome do cliente, full name, buyer, "
        "phone, billing phone, id, visitor id, session id",
    ),
    names(
        "order_id",
        "order no, order nr, order number, order key, order ref, order reference, invoice, invoice id, invoice no, "
        "invoice nr, invoice number, bestellnummer, bestell nr, bestell id, auftragsnummer, auftrags nr, "
        "rechnungsnummer, rechnungs nr, rechnung nr, belegnummer, beleg nr, commande no, numero commande, "
        "numero de commande, n commande, no commande, id commande, numero facture, numero de facture, n facture, "
        "id pedido, numero pedido, numero de pedido, numero do pedido, n pedido, no pedido, pedido id, "
        "numero factura, "
        "numero de factura, nota fiscal, transaction id, transaction no, transaction number, receipt id, "
        "receipt no, "
        "receipt number, basket id, ticket id, ticket number, sales order, purchase id, document number",
        "order, bestellung, auftrag, rechnung, beleg, bon, commande, facture, pedido, factura, receipt, "
        "transaction, "
        "basket, ticket, order name, cart id",
        weak="reference, number, id, session id",
    ),
    names(
        "ordered_at",
        "order datetime, order date, order time, order timestamp, order date time, order purchase timestamp, "
        "order created at, "
        "order placed, order placed at, date of order, purchase date, purchase timestamp, purchased at, "
        "date of purchase, "
        "invoice date, transaction date, transaction time, sale date, sales date, bestelldatum, bestellzeitpunkt, "
        "bestellt am, auftragsdatum, rechnungsdatum, belegdatum, kaufdatum, verkaufsdatum, date commande, "
        "date de commande, date de la commande, date facture, date de facture, date achat, date d achat, "
        "fecha pedido, "
        "fecha de pedido, fecha del pedido, fecha factura, fecha de factura, fecha compra, fecha de compra, "
        "data pedido, "
        "data do pedido, data compra, data da compra, data de compra",
        "date, datetime, date time, timestamp, datum, fecha, data, created at, created, date created, created on, "
        "creation date, erstellt am, zeitpunkt, zeitstempel",
        "paid at, payment date, processed at, time, day",
        "updated at, ship date, shipping date, shipped at",
    ),
    names(
        "product_id",
        "product code, product no, product number, product sku, product key, sku, item id, item code, item no, "
        "item number, item sku, lineitem sku, article id, article no, article number, stock code, variant id, "
        "variant sku, artikelnummer, artikel nr, artikel id, artikelnr, produktnummer, produkt id, code article, "
        "code produit, reference produit, ref produit, id produit, id producto, codigo producto, "
        "codigo de producto, "
        "codigo articulo, codigo produto, codigo do produto, id produto, ean, gtin, upc, barcode, isbn, asin",
        "product, item, article, artikel, produkt, produit, producto, produto, articulo, referencia, material",
        weak="code, reference, variant",
    ),
    names(
        "quantity",
        "qty, order quantity, item quantity, item qty, product quantity, ordered quantity, quantity ordered, "
        "lineitem quantity, "
        "quantity sold, qty ordered, menge, anzahl, bestellmenge, stuckzahl, stueckzahl, quantite, qte, "
        "cantidad, quantidade, qtd, qtde, "
        "units, units sold, unidades, number of items, no of items, items sold, item count",
        "stuck, stueck, pieces, pcs, number of cds, nb articles, nombre articles, nombre d articles",
        "count, items",
    ),
    names(
        "unit_price",
        "price per unit, price per item, price each, item price, product price, lineitem price, einzelpreis, "
        "stuckpreis, "
        "stueckpreis, preis pro stuck, prix unitaire, pu, precio unitario, preco unitario, valor unitario, "
        "selling price, sale price, sales price, net price",
        "price, preis, prix, precio, preco, verkaufspreis, precio venta, prix de vente",
        "list price, retail price",
    ),
    names(
        "amount",
        "line total, line amount, line value, line revenue, line price, item total, item amount, "
        "extended price, sales amount, sales value, "
        "net amount, net sales, gross sales, revenue, turnover, umsatz, positionssumme, zeilensumme, nettobetrag, "
        "bruttobetrag, gesamtpreis, montant ligne, total ligne, chiffre d affaires, importe linea, total linea, "
        "receita, "
        "faturamento, transaction amount, purchase amount, amount spent, net revenue, dollar value",
        "sales, betrag, montant, importe, valor, value, total price, total amount, total sales, spend, spent, "
        "ventas, vendas, "
        "valor total, dollars, total value",
        "subtotal, sub total, total, gesamt, summe, ca",
        "gross, net, profit",
    ),
    names(
        "order_total",
        "order value, order amount, total order value, invoice total, invoice amount, basket value, basket total, "
        "cart total, grand total, gesamtbetrag, bestellsumme, bestellwert, auftragswert, rechnungsbetrag, "
        "rechnungssumme, "
        "gesamtsumme, endbetrag, total commande, montant commande, montant de la commande, montant total, "
        "montant total ttc, total ttc, total pedido, total del pedido, importe total, valor do pedido, "
        "valor pedido, "
        "total do pedido, total factura",
        "total paid, amount paid, payment value",
    ),
    names("currency", "currency code, order currency, wahrung, waehrung, devise, monnaie, moneda, moeda, divisa, ccy"),
    names(
        "product_name",
        "product title, product description, item name, item title, item description, lineitem name, "
        "artikelbezeichnung, "
        "artikelname, produktname, produktbezeichnung, nom produit, nom du produit, libelle produit, "
        "nombre producto, "
        "nombre del producto, nome produto, nome do produto",
        "description, beschreibung, bezeichnung, designation, libelle, descripcion, descricao, denominacion",
        "title, product s",
        "name",
    ),
    names(
        "category",
        "product category, product category name, product category name english, category name, product type, "
        "product group, item category, kategorie, produktkategorie, warengruppe, produktgruppe, categorie, "
        "categorie produit, categoria, categoria producto, categoria produto, product line",
        "department, rayon, famille",
        "sub category, segment produit",
    ),
    names(
        "brand",
        "brand name, product brand, marke, marque, marca, manufacturer, hersteller, fabricant, fabricante",
        likely="vendor",
    ),
    names(
        "seller",
        "seller id, seller name, merchant, merchant id, marketplace seller, verkaufer, vendeur, vendedor, supplier id",
    ),
    names(
        "discount",
        "discount amount, discount total, discount value, line discount, lineitem discount, rabatt, "
        "rabattbetrag, nachlass, remise, "
        "montant remise, descuento, desconto, promo amount, markdown",
        "reduction",
    ),
    names(
        "voucher",
        "voucher code, coupon, coupon code, coupons, coupon s, discount code, promo code, promotion code, "
        "gutschein, "
        "gutscheincode, aktionscode, code promo, code de reduction, cupon, codigo de descuento, cupom, "
        "codigo de desconto",
    ),
    names(
        "channel",
        "sales channel, order channel, order source, vertriebskanal, kanal, canal, canal de vente, canal de venta, "
        "canal de vendas, utm source, traffic source",
        "source, attribution, origem",
        "store, filiale, magasin, tienda, loja",
    ),
    names(
        "country",
        "country code, customer country, billing country, shipping country, ship country, delivery country, "
        "lieferland, "
        "rechnungsland, pays, pays de livraison, pais",
        "land, billing country code",
    ),
    names(
        "state",
        "customer state, billing state, shipping state, billing province, shipping province, province, bundesland, "
        "estado, provincia, uf, departement",
        "region, county",
    ),
    names(
        "city",
        "customer city, billing city, shipping city, ship city, town, stadt, wohnort, ville, ciudad, cidade",
        "ort",
    ),
    names(
        "cost",
        "cogs, cost of goods, cost of goods sold, line cost, total cost, wareneinsatz, cout, cout total, coste, "
        "coste total, "
        "costo, custo",
        likely="product cost, kosten, selbstkosten",
    ),
    names(
        "tax",
        "taxes, tax amount, tax total, vat, vat amount, sales tax, gst, item total tax, mwst, mwst betrag, "
        "umsatzsteuer, ust, steuer, "
        "tva, montant tva, iva, imposto, impuesto",
    ),
    names(
        "shipping",
        "shipping cost, shipping costs, shipping amount, shipping fee, shipping total, shipping charge, freight, "
        "freight value, delivery fee, delivery cost, postage, versand, versandkosten, porto, fracht, "
        "frais de port, "
        "frais de livraison, gastos de envio, coste de envio, frete, valor frete, valor do frete",
        "livraison, envio",
    ),
    names(
        "payment_type",
        "payment method, payment method title, payment mode, zahlungsart, zahlungsmethode, zahlart, "
        "mode de paiement, "
        "moyen de paiement, metodo de pago, forma de pago, forma de pagamento, tipo de pagamento, "
        "metodo de pagamento",
        "payment, paid with",
    ),
    names(
        "installments",
        "instalments, payment installments, number of installments, raten, ratenzahl, mensualites, cuotas, parcelas",
    ),
    names(
        "order_status",
        "bestellstatus, auftragsstatus, statut commande, statut de la commande, etat commande, "
        "etat de la commande, "
        "estado pedido, estado del pedido, status do pedido, order state, financial status",
        "status, statut",
        "payment status",
        "fulfillment status",
    ),
    names(
        "delivered_at",
        "delivery date, delivered date, delivered on, date delivered, order delivered customer date, lieferdatum, "
        "zugestellt am, geliefert am, date de livraison, date livraison, fecha entrega, fecha de entrega, "
        "data entrega, "
        "data de entrega, data da entrega",
    ),
    names(
        "promised_at",
        "promised date, estimated delivery, estimated delivery date, order estimated delivery date, "
        "expected delivery date, expected delivery, liefertermin, voraussichtliches lieferdatum, "
        "date de livraison prevue, fecha estimada de entrega, fecha prevista de entrega, data estimada de entrega, "
        "data prevista de entrega",
    ),
    names(
        "cancelled_at",
        "canceled at, cancelled on, cancellation date, cancelled date, canceled date, storniert am, stornodatum, "
        "date annulation, date d annulation, fecha de cancelacion, data de cancelamento",
    ),
)

_CUSTOMERS = (
    _LINES[0],
    names(
        "consent",
        "marketing consent, accepts marketing, accepts email marketing, email consent, contact consent, opt in, "
        "optin, "
        "newsletter opt in, email opt in, einwilligung, werbeeinwilligung, consentement, consentimiento, "
        "consentimento",
        "newsletter, subscribed, may be contacted",
    ),
    names(
        "channel",
        "acquisition channel, signup channel, acquisition source, akquisekanal, canal d acquisition, "
        "canal de captacion",
        "source, kanal, canal, marketing channel, utm source",
    ),
    names(
        "account_manager",
        "account owner, account rep, sales rep, key account manager, kundenbetreuer, betreuer, responsable, gestor",
    ),
    names(
        "acquisition_cost",
        "cac, cost of acquisition, customer acquisition cost, akquisekosten, akquisitionskosten, "
        "cout d acquisition, "
        "coste de adquisicion, custo de aquisicao",
    ),
    names("region", "sales region, territory, sales territory, gebiet, zone", "area"),
    names("email", "e mail, email address, customer email, mail, courriel, correo electronico, e mail adresse"),
)

_REVIEWS = (
    _LINES[1],
    names(
        "score",
        "review score, rating, star rating, review rating, stars, bewertung, sterne, puntuacion, calificacion, "
        "avaliacao",
        "note, nota, etoiles",
    ),
    names(
        "text",
        "review text, review comment message, review body, review message, review, comment, kommentar, "
        "bewertungstext, "
        "commentaire, avis, comentario, resena, opinion",
        "message, body",
    ),
    names(
        "created_at",
        "review date, review creation date, reviewed at, date of review, bewertungsdatum",
        "date, datum, fecha, data, created, submitted at, timestamp",
    ),
)

LINE_NAMES: dict[str, Names] = {each.field: each for each in _LINES}
CUSTOMER_NAMES: dict[str, Names] = {each.field: each for each in _CUSTOMERS}
REVIEW_NAMES: dict[str, Names] = {each.field: each for each in _REVIEWS}
