/// The words of a column's name: `customer_id`, `CustomerID` and `customer id` are all `customer` and `id`; a number is a word.
enum NameWords {
    static func words(_ name: String) -> Set<String> { Set(list(name)) }

    static func list(_ name: String) -> [String] {
        var words: [String] = [], word = "", wasLower = false, wasNumber = false
        for character in name {
            guard character.isLetter || character.isNumber else {
                words.append(word)
                (word, wasLower, wasNumber) = ("", false, false)
                continue
            }
            if character.isUppercase && wasLower || !word.isEmpty && character.isNumber != wasNumber {
                words.append(word)
                word = ""
            }
            (wasLower, wasNumber) = (character.isLowercase, character.isNumber)
            word += character.lowercased()
        }
        return (words + [word]).filter { !$0.isEmpty }
    }
}
