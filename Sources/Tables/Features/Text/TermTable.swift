/// Numbers terms by their hashes, from 0 in the order in which they are added.
struct TermTable {
    private(set) var count = 0
    /// Hashes and numbers, where the hash says or in the next free place; number -1 = free.
    private var keys: [UInt64], numbers: [Int32]
    private var mask: Int

    /// - Parameter capacity: terms to make room for.
    init(capacity: Int = 512) {
        var size = 1024
        while size < capacity * 2 { size *= 2 }
        keys = [UInt64](repeating: 0, count: size)
        numbers = [Int32](repeating: -1, count: size)
        mask = size - 1
    }

    /// A term's number; nil when it was never added.
    func number(of hash: UInt64) -> Int? {
        let place = place(of: hash)
        return numbers[place] < 0 ? nil : Int(numbers[place])
    }

    /// A term's number, which is `count` before the call for a new one.
    mutating func add(_ hash: UInt64) -> Int {
        var place = place(of: hash)
        if numbers[place] >= 0 { return Int(numbers[place]) }
        if count * 2 > mask {
            grow()
            place = self.place(of: hash)
        }
        (keys[place], numbers[place]) = (hash, Int32(count))
        count += 1
        return count - 1
    }

    private func place(of hash: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: hash) & mask
        while numbers[place] >= 0, keys[place] != hash { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = (keys, numbers), size = (mask + 1) * 2
        keys = [UInt64](repeating: 0, count: size)
        numbers = [Int32](repeating: -1, count: size)
        mask = size - 1
        for (key, number) in zip(old.0, old.1) where number >= 0 {
            let place = place(of: key)
            (keys[place], numbers[place]) = (key, number)
        }
    }
}
