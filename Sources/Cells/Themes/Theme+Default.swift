extension Theme {
    /// The theme used when none is chosen or its file cannot be read: themes/descent-dark.theme, compiled in.
    public static let descentDark: Theme = {
        do {
            return try parse(descentDarkText, file: "descent-dark.theme")
        } catch {
            preconditionFailure("the built-in theme does not parse: \(error)")
        }
    }()

    /// A test holds this equal to the file.
    static let descentDarkText = """
        # Descent's own theme: grey on near-black, colour only where something is to be seen.
        name = descent-dark
        kind = dark

        background    = 234 / default
        text          = 252 / default
        muted         = 245 / white
        faint         = 238 / gray
        border        = 239 / gray
        borderFocused = 110 / brightcyan
        title         = 250 / default
        titleFocused  = 153 bold / brightcyan bold
        selection     = 237 / blue
        selectionText = 255 / brightwhite
        mark          = 183 / brightmagenta
        key           = 117 / brightcyan
        accent        = 117 / brightcyan
        good          = 114 / green
        warning       = 221 / yellow
        bad           = 203 bold / brightred bold
        info          = 111 / brightblue
        bar           = 236 / blue
        barText       = 251 / brightwhite
        popup         = 235 / default
        field         = 238 / blue
        fieldText     = 255 / brightwhite
        series1       = 75 / brightblue
        series2       = 215 / brightyellow
        series3       = 114 / brightgreen
        series4       = 176 / brightmagenta
        series5       = 80 / brightcyan
        series6       = 204 / brightred
        series7       = 186 / yellow
        series8       = 146 / white
        """
}
