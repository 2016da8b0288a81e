/// Names of months and days, and what else stands as a word in a date, in lower case.
enum DateWords {
    /// The month of a name or its abbreviation, in English, German, French, Spanish, Italian, Dutch and Portuguese.
    static func month(_ word: String) -> Int? { months[word] }

    /// Whether a word is a day of the week, in the same languages.
    static func isWeekday(_ word: String) -> Bool { weekdays.contains(word) }

    private static let months: [String: Int] = {
        let names = [
            "january february march april may june july august september october november december",
            "jan feb mar apr may jun jul aug sep oct nov dec",
            "januar februar märz april mai juni juli august september oktober november dezember",
            "jan feb mär apr mai jun jul aug sep okt nov dez",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "janv févr mars avr mai juin juil août sept oct nov déc",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "ene feb mar abr may jun jul ago sep oct nov dic",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "gen feb mar apr mag giu lug ago set ott nov dic",
            "januari februari maart april mei juni juli augustus september oktober november december",
            "jan feb mrt apr mei jun jul aug sep okt nov dec",
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            "jan fev mar abr mai jun jul ago set out nov dez",
        ]
        var months = [
            "sept": 9, "mrz": 3, "maerz": 3, "jänner": 1, "feber": 2, "fev": 2, "aout": 8, "fevrier": 2, "decembre": 12,
        ]
        for text in names {
            for (index, word) in text.split(separator: " ").enumerated() { months[String(word)] = index + 1 }
        }
        return months
    }()

    private static let weekdays = Set(
        """
        monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
        montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so
        lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
        lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom
        lunedì martedì mercoledì giovedì venerdì sabato domenica gio
        maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
