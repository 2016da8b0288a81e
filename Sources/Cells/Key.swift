/// One thing the user did at the terminal, decoded from its bytes.
public enum InputEvent: Hashable, Sendable {
    case key(Key)
    /// Text between bracketed-paste marks.
    case paste(String)
    case mouse(MouseEvent)
    case focusGained
    case focusLost
    case resized(Size)
    /// The terminal answered that it shows pictures as pixels.
    case showsPictures
    /// The terminal answered that it has sixels.
    case hasSixels
    /// The terminal answered how many pixels a cell has.
    case cellMeasured(Size)
}

/// A key with its modifiers.
public struct Key: Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// A printable character as typed (upper case when shifted).
        case character(Character)
        case enter, escape, tab, backTab, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        /// F1...F12
        case function(Int)
    }

    public struct Modifiers: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Never set on `character`: its case says it.
        public static let shift = Modifiers(rawValue: 1)
        public static let alt = Modifiers(rawValue: 2)
        public static let control = Modifiers(rawValue: 4)
    }

    public var code: Code
    public var modifiers: Modifiers

    public init(_ code: Code, _ modifiers: Modifiers = []) {
        self.code = code
        self.modifiers = modifiers
    }

    public init(_ character: Character, _ modifiers: Modifiers = []) { self.init(.character(character), modifiers) }

    /// As hints, help and the configuration file write it: `q`, `Q`, `space`, `ctrl-c`, `shift-up`, `f1`, `esc`.
    public var name: String {
        var prefix = ""
        if modifiers.contains(.control) { prefix += "ctrl-" }
        if modifiers.contains(.alt) { prefix += "alt-" }
        if modifiers.contains(.shift) { prefix += "shift-" }
        switch code {
        case .character(" "): return prefix + "space"
        case .character(let character): return prefix + String(character)
        case .enter: return prefix + "enter"
        case .escape: return prefix + "esc"
        case .tab: return prefix + "tab"
        case .backTab: return "shift-tab"
        case .backspace: return prefix + "backspace"
        case .delete: return prefix + "del"
        case .insert: return prefix + "ins"
        case .up: return prefix + "up"
        case .down: return prefix + "down"
        case .left: return prefix + "left"
        case .right: return prefix + "right"
        case .home: return prefix + "home"
        case .end: return prefix + "end"
        case .pageUp: return prefix + "pgup"
        case .pageDown: return prefix + "pgdn"
        case .function(let number): return prefix + "f\(number)"
        }
    }

    /// Reads a key's name; nil if there is no such key.
    public init?(name: String) {
        var rest = Substring(name)
        var modifiers: Modifiers = []
        let prefixes: [(String, Modifiers)] = [("ctrl-", .control), ("alt-", .alt), ("shift-", .shift)]
        var found = true
        while found {
            found = false
            for (prefix, modifier) in prefixes where rest.hasPrefix(prefix) && rest.count > prefix.count {
                rest = rest.dropFirst(prefix.count)
                modifiers.insert(modifier)
                found = true
            }
        }
        let named: [String: Code] = [
            "space": .character(" "), "enter": .enter, "esc": .escape, "tab": .tab, "backspace": .backspace, "del": .delete,
            "ins": .insert, "up": .up, "down": .down, "left": .left, "right": .right, "home": .home, "end": .end,
            "pgup": .pageUp, "pgdn": .pageDown,
        ]
        if rest == "tab", modifiers == .shift {
            self.init(.backTab)
        } else if let code = named[String(rest)] {
            self.init(code, modifiers)
        } else if rest.first == "f", let number = Int(rest.dropFirst()), (1...12).contains(number) {
            self.init(.function(number), modifiers)
        } else if rest.count == 1, let character = rest.first {
            self.init(.character(character), modifiers)
        } else {
            return nil
        }
    }
}

/// A mouse button, wheel step or drag at a cell.
public struct MouseEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case press, release, drag, wheelUp, wheelDown }
    public enum Button: Hashable, Sendable { case left, middle, right, none }

    public var kind: Kind
    public var button: Button
    public var x: Int
    public var y: Int
    public var modifiers: Key.Modifiers
    /// How many times the button was pressed here, one shortly after the other; 2 is a double click.
    public var clicks: Int

    public init(kind: Kind, button: Button, x: Int, y: Int, modifiers: Key.Modifiers = [], clicks: Int = 1) {
        self.clicks = clicks
        self.kind = kind
        self.button = button
        self.x = x
        self.y = y
        self.modifiers = modifiers
    }
}
