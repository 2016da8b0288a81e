/// Every query there is. The program has an answer to each of them.
package enum QueryList {
    package static let all: [any StudioQuery.Type] = [
        ReadRuns.self, ReadCurve.self, ReadRunDetails.self, CompareRuns.self, FindImportance.self, InspectReproduction.self,
        FindForkPlaces.self, ListPaths.self,
    ]
}
