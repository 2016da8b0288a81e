import Numerics

/// Short reviews of a hotel and whether the guest would come again, made up from words that praise, words that blame and many that say
/// nothing: a model that may use every word learns them all, one that pays for each (`l1`) keeps those that tell.
enum Reviews {
    private static let praise = [
        "lovely", "spotless", "friendly", "quiet", "delicious", "comfortable", "helpful", "perfect", "charming", "generous",
    ]
    private static let blame = [
        "dirty", "noisy", "rude", "broken", "cold", "overpriced", "smelly", "tiny", "stained", "slow",
    ]
    private static let things = [
        "room", "bed", "staff", "breakfast", "lobby", "view", "shower", "pool", "balcony", "restaurant", "lift", "garden",
        "reception", "coffee", "towels", "minibar",
    ]
    private static let openings = [
        "We stayed for", "I booked it for", "Came here for", "Spent", "My family took it for", "A stop of", "We had it for",
    ]
    private static let stays = [
        "two nights", "a weekend", "a week in May", "one night", "three days", "a fair", "a wedding", "ten days in summer",
    ]
    private static let fillers = [
        "The station is near.", "There is parking behind the house.", "It rained most of the time.", "We arrived late.",
        "Check-out is at eleven.", "The town has an old bridge.", "Our flight was early.", "The tram stops outside.",
        "It has four floors.", "You can rent bicycles.", "The museum is closed on Mondays.", "Children were welcome.",
    ]

    static func text() -> String {
        var random = RandomSource(seed: 7)
        func pick(_ words: [String]) -> String { words[random.integer(below: words.count)] }
        var lines = ["review,nights,again"]
        for _ in 0..<1200 {
            let isGood = random.uniform() < 0.6
            var parts = ["\(pick(openings)) \(pick(stays))."]
            for _ in 0..<2 + random.integer(below: 3) {
                // Nobody is pleased with everything, or with nothing.
                let own = random.uniform() < 0.82 ? isGood : !isGood
                let word = pick(own ? praise : blame)
                parts.append(
                    random.uniform() < 0.5
                        ? "The \(pick(things)) was \(word)."
                        : "\(word.prefix(1).uppercased() + word.dropFirst()) \(pick(things)).")
                if random.uniform() < 0.6 { parts.append(pick(fillers)) }
            }
            lines.append("\"\(parts.joined(separator: " "))\",\(1 + random.integer(below: 10)),\(isGood ? "yes" : "no")")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
