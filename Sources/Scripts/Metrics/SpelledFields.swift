/// What a line of output says, and which tool spells it so.
struct SpelledFields {
    /// As a sentence begins: `Keras writes them`.
    var tool: String
    var fields: LogFields
}
