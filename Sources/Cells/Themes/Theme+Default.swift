extension Theme {
    /// The theme used when none is chosen or its file cannot be read: themes/descent-dark.theme, compiled in.
    public static let descentDark = builtIn(descentDarkText)

    /// What pages for others are drawn in by day, wherever the theme files are: themes/descent-light.theme, compiled in.
    public static let descentLight = builtIn(descentLightText)

    private static func builtIn(_ text: String) -> Theme {
        do { return try parse(text, file: "built-in theme") } catch {
            preconditionFailure("the built-in theme does not parse: \(error)")
        }
    }

    // A test holds these equal to the files.

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
        band          = 236 / default
        bandShared    = 237 / default
        series1       = 75 / brightblue
        series2       = 215 / brightyellow
        series3       = 114 / brightgreen
        series4       = 176 / brightmagenta
        series5       = 80 / brightcyan
        series6       = 204 / brightred
        series7       = 186 / yellow
        series8       = 146 / white
        """

    static let descentLightText = """
        # For bright rooms: dark grey on paper white, the same calm use of colour.
        name = descent-light
        kind = light

        background    = 231 / default
        text          = 236 / default
        muted         = 243 / gray
        faint         = 253 / white
        border        = 250 / gray
        borderFocused = 25 / blue
        title         = 238 / default
        titleFocused  = 25 bold / blue bold
        selection     = 153 / cyan
        selectionText = 16 / black
        mark          = 127 / magenta
        key           = 25 / blue
        accent        = 25 / blue
        good          = 28 / green
        warning       = 130 / yellow
        bad           = 160 bold / red bold
        info          = 31 / cyan
        bar           = 254 / white
        barText       = 237 / black
        popup         = 255 / default
        field         = 252 / white
        fieldText     = 16 / black
        band          = 254 / default
        bandShared    = 253 / default
        series1       = 26 / blue
        series2       = 166 / yellow
        series3       = 28 / green
        series4       = 127 / magenta
        series5       = 30 / cyan
        series6       = 161 / red
        series7       = 94 / brightblack
        series8       = 61 / black
        """
}
