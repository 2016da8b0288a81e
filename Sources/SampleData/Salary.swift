import Numerics

/// Years of experience and salary: a straight line with some noise, to see a first curve fall.
enum Salary {
    static func text() -> String {
        var random = RandomSource(seed: 1)
        var lines = ["years_experience,salary"]
        for _ in 0..<40 {
            let years = random.uniform(in: 0.5...21)
            let salary = 34_000 + 4_150 * years + 5_200 * random.normal()
            lines.append("\(decimal(years, 1)),\(decimal(salary / 10, 0))0")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
