import CheckedNumbers
import Glibc
import Numerics

/// Yearly medical costs of insured people, made up: smoking multiplies what weight costs, which a linear model cannot say.
enum Insurance {
    static func text() -> String {
        var random = RandomSource(seed: 2)
        var lines = ["age,sex,bmi,children,smoker,region,charges"]
        let regions = ["northeast", "northwest", "southeast", "southwest"]
        for _ in 0..<1338 {
            let age = Double(18 + random.integer(below: 47))
            let isWoman = random.uniform() < 0.5
            let region = random.integer(below: 4)
            let bmi = min(53, max(16, 30 + (region == 2 ? 2.5 : 0) + 6 * random.normal()))
            let children = min(5, Int(roundedDownWithin: -1.3 * log(1 - random.uniform())))
            let isSmoker = random.uniform() < (isWoman ? 0.17 : 0.24)
            var charges = 900 + 95 * age + 2.1 * age * age + 520 * Double(children) + (isWoman ? 250 : 0)
            charges += [400, 150, -200, 0][region]
            if isSmoker { charges += 9_500 + 480 * (bmi - 25) + (bmi > 30 ? 11_500 : 0) }
            // Costs scatter in proportion, and one in twelve has an accident or an operation.
            charges *= exp(0.12 * random.normal())
            if random.uniform() < 0.085 { charges += 4_000 - 9_000 * log(1 - random.uniform()) }
            lines.append(
                "\(Int(roundedDownWithin: age)),\(isWoman ? "female" : "male"),\(decimal(bmi, 2)),\(children),\(isSmoker ? "yes" : "no"),"
                    + "\(regions[region]),\(decimal(charges, 2))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
