import Events
import Pictures

/// Which pictures of a data file are looked at.
package struct PictureQuestion: Hashable, Sendable {
    package let file: RowsFile
    /// Height, width and channels, such as `28x28`, as the user gives them; nil = as the file or its columns' names say.
    package var shape: String?
    /// The column that tells classes, as the user gives it; nil = as it is found.
    package var classColumn: String?
    /// Only those that this run's model takes for another class.
    package var wrongOf: RunID?
    package var isInverted = false

    package init(_ file: RowsFile) { self.file = file }
}

/// Asks for pictures: which classes there are, and of some of them some pictures.
package struct ReadPictures: StudioQuery {
    package static let lane = QueryLane.compute

    /// Some pictures of a class, in order.
    package struct Window: Hashable, Sendable {
        /// The class by its place.
        package var section: Int
        package var first: Int
        package var count: Int

        package init(section: Int, first: Int, count: Int) { (self.section, self.first, self.count) = (section, first, count) }
    }

    package let question: PictureQuestion
    package let windows: [Window]

    package init(_ question: PictureQuestion, _ windows: [Window] = []) { (self.question, self.windows) = (question, windows) }

    package func take(_ answer: PicturesAnswer, into state: inout AppState) -> [Effect] {
        state.changeScreen(PicturesPage.self) { page, _ in if page.question == question { page.take(answer, to: self) } }
        state.pageChanged()
        return state.askForPictures()
    }

    package func refuse(_ message: String, in state: inout AppState) -> [Effect] {
        state.changeScreen(PicturesPage.self) { page, _ in if page.question == question { page.problem = message } }
        state.pageChanged()
        return []
    }
}

/// Classes of pictures, and some of their pictures.
package struct PicturesAnswer: Sendable {
    /// A class: how its rows are called, and how many they are. Without a label those that have none.
    package struct Section: Hashable, Sendable {
        package var label: String?
        package var count: Int

        package init(label: String?, count: Int) { (self.label, self.count) = (label, count) }
    }

    /// A picture, by its class and its place there.
    package struct Tile: Hashable, Sendable {
        package var section: Int
        package var place: Int
        /// Where it stands in the file, from 0.
        package var row: Int
        package var label: String?
        /// What a model takes it for, and how sure it is, from 0 to 1.
        package var predicted: String?
        package var sureness: Double?
        package var picture: Picture

        package init(section: Int, place: Int, row: Int, label: String?, picture: Picture) {
            (self.section, self.place, self.row, self.label, self.picture) = (section, place, row, label, picture)
        }
    }

    /// In pixels.
    package var width: Int, height: Int
    /// What was found: `8 × 8 pixels by the 64 columns …, 0 black to 16 white`.
    package var words: String
    package var classColumn: String?
    package var sections: [Section] = []
    /// Pictures that were looked at: for those that a model gets wrong, out of how many they are.
    package var lookedAt: Int
    /// What else to know.
    package var notes: [String] = []
    /// The share of the file that was gone through; 1 when it is all.
    package var progress = 1.0
    package var tiles: [Tile] = []

    package init(width: Int, height: Int, words: String, classColumn: String?, lookedAt: Int) {
        (self.width, self.height, self.words, self.classColumn, self.lookedAt) = (width, height, words, classColumn, lookedAt)
    }
}
