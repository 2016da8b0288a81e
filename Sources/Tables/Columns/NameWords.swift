/// The words of a column's name: `customer_id`, `CustomerID` and `customer id` are all `customer` and `id`.
enum NameWords {
    static func words(_ name: String) -> Set<String> { Set(list(name)) }

    static func list(_ name: String) -> [String] {
        var words: [String] = [], word = "", wasLower = false
        for character in name {
            guard character.isLetter || character.isNumber else {
                words.append(word)
                (word, wasLower) = ("", false)
                continue
            }
            if character.isUppercase, wasLower {
                words.append(word)
                word = ""
            }
            wasLower = character.isLowercase
            word += character.lowercased()
        }
        return (words + [word]).filter { !$0.isEmpty }
    }
}
