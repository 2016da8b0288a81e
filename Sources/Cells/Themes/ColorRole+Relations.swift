extension ColorRole {
    /// The role's name in theme files.
    public var name: String { String(describing: self) }

    public init?(name: String) {
        guard let role = ColorRole.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }

    /// The role whose look is taken by a theme that leaves this one out.
    var related: ColorRole? {
        switch self {
        case .background, .text, .selection: nil
        case .muted, .title, .accent: .text
        case .faint, .border: .muted
        case .borderFocused, .mark, .key: .accent
        case .titleFocused: .borderFocused
        case .selectionText: .text
        case .bar, .field: .selection
        case .barText, .fieldText: .selectionText
        case .popup: .background
        default: nil
        }
    }

    /// Whether it is a background of bands.
    var isBand: Bool { self == .band || self == .bandShared }

    /// The ANSI colour of the roles that mean something by theirs.
    var usualColor: UInt8? {
        switch self {
        case .good: 2
        case .warning: 3
        case .bad: 1
        case .info: 6
        case .series1: 12
        case .series2: 11
        case .series3: 10
        case .series4: 13
        case .series5: 14
        case .series6: 9
        case .series7: 7
        case .series8: 4
        default: nil
        }
    }

    /// What tells the role apart on a terminal without colours.
    var usualAttributes: Style.Attributes {
        switch self {
        case .muted, .faint: .dim
        case .borderFocused, .titleFocused, .key, .accent, .good: .bold
        case .title: []
        case .selection, .bar: .reverse
        case .mark, .info: .underline
        case .warning: [.bold, .underline]
        case .bad: [.bold, .reverse]
        case .field: .underline
        default: []
        }
    }
}
