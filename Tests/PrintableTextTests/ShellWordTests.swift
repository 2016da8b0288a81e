import PrintableText
import Testing

@Suite struct ShellWordTests {
    /// What a shell makes of the word is the text again: `sh -c "printf %s WORD"` was asked for each.
    @Test(arguments: [
        ("fee", "fee"), ("a.b-c_d", "a.b-c_d"), ("Größe", "Größe"), ("", "''"), ("the fate", "'the fate'"),
        ("it's", #"'it'\''s'"#), ("$HOME", "'$HOME'"), ("~", "'~'"), ("a;b", "'a;b'"), ("*", "'*'"), ("a\nb", "'a\nb'"),
    ])
    func isOneWord(_ text: String, _ word: String) { #expect(text.shellWord == word) }
}
