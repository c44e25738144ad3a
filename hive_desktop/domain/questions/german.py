"""German words of questions, with umlauts; without them they are found just the same."""

from __future__ import annotations

from typing import Final

from hive_desktop.domain.questions.tags import Tag

PHRASES: Final[dict[Tag, str]] = {
    Tag.FILLER: (
        "der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines|ich|mich|sich|wir|hat|zwischen"
        "|mein"
        "|meine"
        "|meinen|meinem|meiner|meines|unser|unsere|unseren|unserem|unserer|hab|habe|haben|hatte"
        "|hatten|hast|bin|ist|sind|war|waren|wurde|wurden|gab|gibt|gab es|gibt es|in|im|am|an|auf"
        "|bei|beim|für|fürs|mit|von|vom|zu|zum|zur|aus|während|über|innerhalb|nach dem|was|welche"
        "|welcher|welches|welchen|welchem|wie|es|bitte|sag mir|sage mir|kannst du mir sagen"
        "|kannst du|sag|nenne|nenn mir|nenne mir|hallo|hey|mal|denn|eigentlich|insgesamt|gesamt"
        "|in summe|summe|die summe|total|zusammen|alles in allem|bisher|bis jetzt|so|geld|und"
        "|alles|etwas|alle|allen|derzeit|aktuell|aktuelle|aktueller|aktuellen|gerade|jetzt"
        "|momentan|im moment|da|dabei|einzelne|noch|höhe|betrag|ich gemacht|gemacht|gewesen"
        "|laufenden|laufen|läuft|genau|wissen|ich möchte wissen|ich will wissen|danke|zeitraum von"
        "|gesamte|gesamten|ganzen|mal so"
    ),
    Tag.HOW_MUCH: (
        "wie viel|wieviel|wie viel geld|wieviel geld|wie hoch|wie groß|welcher betrag|welche summe"
    ),
    Tag.HOW_MANY: (
        "wie viele|wieviele|wie oft|wie häufig|anzahl|anzahl der|die anzahl|wie viele male|zahl der"
        "|zähle"
    ),
    Tag.WHEN: "wann|an welchem tag|an welchem datum|welcher tag",
    Tag.WHERE: "wo",
    Tag.LIST: "zeig|zeige|zeig mir|zeige mir|liste|liste auf|auflisten|finde|such|suche|anzeigen",
    Tag.AVERAGE: (
        "durchschnitt|im durchschnitt|durchschnittlich|durchschnittliche|durchschnittlichen"
        "|durchschnittlicher|schnitt|im schnitt|im mittel|mittlere"
    ),
    Tag.SHARE: "prozent|%|anteil|wie viel prozent|wieviel prozent|prozentsatz|welcher anteil",
    Tag.PRICE: "preis|preise|wie teuer",
    Tag.BY: "um",
    Tag.SPEND: (
        "ausgeben|ausgegeben|gebe aus|gebe|geben|gab ich aus|gegeben|aus gegeben|gekostet|kostet"
        "|kostete|ging|gingen|gegangen|drauf|geht|gehen|draufgegangen|gelassen"
        "|verbraucht|hingelegt|verpulvert|abgebucht"
    ),
    Tag.PAY: "bezahlt|bezahle|bezahlen|gezahlt|zahle|zahlen|zahlte|bezahlte",
    Tag.EXPENSE: "ausgabe|ausgaben|gesamtausgaben|kosten|einzelausgabe",
    Tag.BUY: (
        "gekauft|kaufe|kaufen|kaufte|eingekauft|bestellt|bestelle|bestellen|gegessen|gefahren"
        "|besucht|kaufte ein"
    ),
    Tag.EARN: (
        "verdient|verdiene|verdienen|verdiente|einkommen|einnahmen|einnahme|eingenommen|verdienst"
    ),
    Tag.SAVE: (
        "übrig|übrig geblieben|gespart|sparen|spare|zurückgelegt|auf die seite gelegt|überschuss"
        "|cashflow|cash flow"
    ),
    Tag.LEFT: "blieb|bleibt|bleiben|geblieben|offen|noch offen",
    Tag.MINUS: "minus|abzüglich",
    Tag.BALANCE: "kontostand|saldo|stand|guthaben|saldo von",
    Tag.BALANCES: "kontostände|salden|kontostände aller konten",
    Tag.HOLD: "liegt|liegen|habe ich auf|haben wir auf",
    Tag.OWE: "schulde|schulden|schuldet|schuldig|noch schuldig|schulde ich",
    Tag.NET_WORTH: (
        "nettovermögen|reinvermögen|vermögen|gesamtvermögen|wie reich bin ich|bin ich wert"
    ),
    Tag.REFUND: (
        "erstattet|erstattung|erstattungen|rückerstattung|rückerstattungen|zurückerstattet"
        "|zurückbekommen|zurückgezahlt|gutgeschrieben|gutschrift|gutschriften|zurück bekommen"
    ),
    Tag.RECEIVE: "bekommen|erhalten|bekam|erhielt|bekomme|erhalte",
    Tag.ME: "mir|uns",
    Tag.SEND: "überwiesen|geschickt|gesendet|geschickt an",
    Tag.PENDING: (
        "vorgemerkt|vorgemerkte|vorgemerkten|noch vorgemerkt|ausstehend|ausstehende|ausstehenden"
        "|schwebend|noch nicht gebucht"
    ),
    Tag.TRANSFER: "umbuchung|umbuchungen|überträge|übertrag|umgebucht",
    Tag.RECURRING: (
        "wiederkehrend|wiederkehrende|wiederkehrenden|wiederkehrende zahlungen|daueraufträge"
        "|regelmäßige zahlungen|regelmäßige|regelmäßigen|wiederkehrende kosten"
        "|regelmäßigen zahlungen|regelmäßige ausgaben"
    ),
    Tag.SUBSCRIPTION: "abo|abos|abonnement|abonnements|abonniert|laufende abos|laufenden abos",
    Tag.ROW: "buchung|buchungen|transaktion|transaktionen|umsätze|umsatz|kontobewegungen",
    Tag.PURCHASE: (
        "kauf|käufe|käufen|einkauf|einkäufe|bestellung|bestellungen|fahrt|fahrten"
        "|besuch|besuche|anschaffung|anschaffungen|einzelkauf"
    ),
    Tag.PAYMENT: "zahlung|zahlungen|abbuchung|abbuchungen",
    Tag.CATEGORY: "kategorie|kategorien|ausgabenkategorie|wofür|für was|in welcher kategorie",
    Tag.MERCHANT: (
        "händler|händlern|laden|läden|geschäft|geschäfte|geschäften|bei wem|bei welchem händler"
        "|welcher händler|bei welchem geschäft"
    ),
    Tag.ACCOUNT: "konto|konten|bankkonto|bankkonten|girokonten",
    Tag.BANK: "bank|banken|verbunden",
    Tag.MONTH: "monat|monate|monaten|welcher monat|in welchem monat|welchem monat",
    Tag.LARGEST: (
        "größte|größter|größten|größtes|teuerste|teuerster|teuersten|höchste|höchster|höchsten"
        "|teuerstes|höchstes"
    ),
    Tag.SMALLEST: (
        "kleinste|kleinster|kleinsten|kleinstes|günstigste|günstigster|billigste|billigster"
        "|niedrigste|niedrigsten|günstigsten|billigsten"
    ),
    Tag.NEWEST: (
        "letzte|letzter|letzten|letztes|zuletzt|das letzte mal|neueste|neuesten|neuester|jüngste"
        "|letztes mal|zum letzten mal"
    ),
    Tag.OLDEST: "erste|erster|ersten|erstes|das erste mal|zuerst|zum ersten mal|älteste",
    Tag.MOST: "am meisten|meiste|meisten|das meiste|das meiste geld|am meisten geld",
    Tag.LEAST: "am wenigsten|wenigsten|das wenigste",
    Tag.PER_ROW: (
        "pro besuch|pro einkauf|pro kauf|je einkauf|pro fahrt|pro bestellung|pro buchung"
        "|pro zahlung|je besuch|pro mal|jedes mal|je kauf|je fahrt"
    ),
    Tag.PER: "pro|je",
    Tag.PER_DAY: "pro tag|je tag|täglich|am tag|jeden tag|täglichen|nach tagen",
    Tag.PER_WEEK: "pro woche|je woche|wöchentlich|in der woche|jede woche|nach wochen",
    Tag.PER_MONTH: (
        "pro monat|je monat|monatlich|im monat|jeden monat|monatliche|monatlichen|nach monaten"
        "|nach monat|monat für monat"
    ),
    Tag.BY_CATEGORY: "nach kategorie|nach kategorien|pro kategorie|je kategorie|in kategorien",
    Tag.BY_MERCHANT: "nach händler|nach händlern|pro händler|je händler|nach geschäften",
    Tag.DIVIDE: "aufgeteilt|aufgeschlüsselt|aufschlüsselung|teile|teile auf|gliedere|verteilung",
    Tag.COMPARE: (
        "vergleich|vergleiche|verglichen|verglichen mit|im vergleich|im vergleich zu|gegenüber|vs"
        "|versus|im vergleich mit|gegen|im vergleich zum"
    ),
    Tag.MORE: (
        "mehr|mehr als|höher|höher als|weniger|weniger als|als|niedriger"
        ""
        "|größer|niedriger als|mehr geld"
    ),
    Tag.DEARER: "teurer|teurer als|günstiger|billiger|günstiger als|billiger als",
    Tag.OR: "oder",
    Tag.CHANGE: (
        "geändert|verändert|gestiegen|gesunken|unterschied|änderung|veränderung|zugenommen"
        "|abgenommen|um wie viel|differenz|sich verändert|sich geändert"
    ),
    Tag.DATA: "daten|buchungsdaten|aufzeichnungen",
    Tag.SINCE_WHEN: "seit wann|ab wann|wie weit zurück|welchen zeitraum|reichen|zurück|umfassen",
}

CATEGORIES: Final[dict[str, str]] = {
    "Food & Dining": (
        "essen und trinken|essen|essen gehen und lebensmittel|essen & trinken|essen trinken"
        "|verpflegung|lebensmittel und restaurants|lebensmittel und gastronomie"
    ),
    "Transportation": "transport|verkehr|mobilität|verkehrsmittel|transportkosten",
    "Shopping": "einkaufen|shopping|shoppen",
    "Entertainment": "unterhaltung|freizeit und unterhaltung",
    "Bills & Utilities": (
        "rechnungen und nebenkosten|rechnungen|nebenkosten|rechnungen und versorgung"
        "|rechnungen nebenkosten"
    ),
    "Healthcare": "gesundheit|gesundheitswesen|medizin|gesundheitskosten",
    "Travel": "reisen|reise|reisekosten",
    "Education": "bildung|ausbildung",
    "Personal Care": "körperpflege|persönliche pflege|pflege",
    "Other": "sonstiges",
}

KINDS: Final[dict[str, str]] = {
    "savings": "sparkonto|tagesgeldkonto|ersparnisse|tagesgeld|sparkonten",
    "checking": "girokonto|giro",
    "credit card": "kreditkarte|kreditkarten",
    "mortgage": "hypothek|hauskredit|immobilienkredit|baufinanzierung",
    "student": "studienkredit|studiendarlehen|studentenkredit",
    "brokerage": "depot|wertpapierkonto|verrechnungskonto",
    "loan": "kredit|kredite|darlehen",
}

ABOVE: Final = "über|mehr als|größer als|höher als|teurer als"
AT_LEAST: Final = "mindestens"
BELOW: Final = "unter|weniger als|kleiner als|niedriger als|günstiger als"
AT_MOST: Final = "höchstens|bis zu|maximal"
