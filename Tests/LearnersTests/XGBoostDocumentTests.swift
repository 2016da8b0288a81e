import Testing

@testable import Learners

/// What is refused before XGBoost sees it. The document is one of XGBoost 3.2.0, shortened.
@Suite struct XGBoostDocumentTests {
    private static let tree = """
        {"base_weights":[-8.2e-08,-0.48,0.55],"categories":[],"categories_nodes":[],"categories_segments":[],\
        "categories_sizes":[],"default_left":[0,0,0],"id":0,"left_children":[1,-1,-1],"loss_changes":[Infinity,0.0,NaN],\
        "parents":[2147483647,0,0],"right_children":[2,-1,-1],"split_conditions":[0.51,-0.48,0.55],"split_indices":[2,0,0],\
        "split_type":[0,0,0],"sum_hessian":[12.4,6.7,5.7],\
        "tree_param":{"num_deleted":"0","num_feature":"3","num_nodes":"3","size_leaf_vector":"1"}}
        """
    private static let whole = """
        {"learner":{"attributes":{"a \\"note\\"":"NaN, Infinity"},"feature_names":[],"feature_types":[],"gradient_booster":{"model":\
        {"cats":{"enc":[],"feature_segments":[],"sorted_idx":[]},"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"1"},\
        "iteration_indptr":[0,1],"tree_info":[0],"trees":[\(tree)]},"name":"gbtree"},"learner_model_param":\
        {"base_score":"[4.6E-1]","boost_from_average":"1","num_class":"0","num_feature":"3","num_target":"1"},\
        "objective":{"name":"binary:logistic","reg_loss_param":{"scale_pos_weight":"1"}}},"version":[3,2,0]}
        """

    private func fault(_ document: String, features: Int = 3, scores: Int = 1) -> String? {
        XGBoostDocument.fault(document, featureCount: features, scoreCount: scores)
    }

    @Test func `a document as XGBoost writes it is taken, numbers that are none included`() {
        #expect(fault(Self.whole) == nil)
    }

    @Test(arguments: [
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[7,-1,-1]", "a child that is not there"),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[0,-1,-1]", "a node that is its own child"),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[-1,-1,-1]", "one child alone"),
        ("\"right_children\":[2,-1,-1]", "\"right_children\":[1,-1,-1]", "one child for both"),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[1,2,-1]", "a list cut in a node's middle"),
        ("\"split_indices\":[2,0,0]", "\"split_indices\":[3,0,0]", "a feature that is not there"),
        ("\"split_indices\":[2,0,0]", "\"split_indices\":[2,0]", "a list too short"),
        ("\"parents\":[2147483647,0,0]", "\"parents\":[2147483647,0,1]", "another parent"),
        ("\"num_nodes\":\"3\"", "\"num_nodes\":\"4\"", "more nodes than there are"),
        ("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"9\"", "leaves of many numbers"),
        ("\"split_type\":[0,0,0]", "\"split_type\":[1,0,0]", "a split by categories"),
        ("\"num_trees\":\"1\"", "\"num_trees\":\"2\"", "more trees than there are"),
        ("\"tree_info\":[0]", "\"tree_info\":[1]", "a tree of another class"),
        ("\"iteration_indptr\":[0,1]", "\"iteration_indptr\":[0,9]", "rounds beyond the trees"),
        ("\"num_class\":\"0\"", "\"num_class\":\"3\"", "other classes"),
        ("\"num_feature\":\"3\",\"num_target\"", "\"num_feature\":\"4\",\"num_target\"", "other features"),
        ("\"name\":\"gbtree\"", "\"name\":\"gblinear\"", "another booster"),
        ("\"version\":[3,2,0]}", "\"version\":[3,2,0]", "an end that is missing"),
    ])
    func `a document that would make XGBoost read elsewhere is refused`(old: String, new: String, what: String) {
        #expect(Self.whole.contains(old), "\(what)")
        let damaged = Self.whole.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: new)
        #expect(fault(damaged) != nil, "\(what)")
    }

    @Test func `a linear booster has a weight for each feature and score, and one more a score`() {
        let linear =
            Self.whole.split(separator: "{\"cats\"", maxSplits: 1)[0] + """
                {"boosted_rounds":2,"weights":[0.3,-0.1,-0.07,-0.01]},"name":"gblinear"},"learner_model_param":\
                {"num_class":"0","num_feature":"3","num_target":"1"}}}
                """
        #expect(fault(String(linear)) == nil)
        #expect(fault(String(linear), features: 4) != nil)
    }
}
