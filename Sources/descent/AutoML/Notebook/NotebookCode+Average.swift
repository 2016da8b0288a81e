extension NotebookCode {
    /// Out-of-fold predictions of each candidate.
    static let train = #"""
        import warnings
        from time import perf_counter

        warnings.filterwarnings("ignore", category=UserWarning)
        columns = COLUMNS


        def with_models(features, told):
            """Features, and behind them what models below predict of the same rows."""
            return np.column_stack([features] + list(told)) if told else features


        predictions, told_of, bags, board = {}, {}, {}, []
        for plan in PLAN:
            below = plan.get("stack", ())
            began = perf_counter()
            shape = (len(frame), len(CLASSES)) if len(CLASSES) > 2 else len(frame)
            held_out, bag, values = np.zeros(shape), [], []
            for learned, held in splits:
                prepared = preparation(plan["family"], plan.get("without", ())).fit(frame.loc[learned, columns])
                features = with_models(prepared.transform(frame.loc[learned, columns]), [told_of[name][learned] for name in below])
                judged_by = with_models(prepared.transform(frame.loc[held, columns]), [told_of[name][held] for name in below])
                judging = (judged_by, target[held])
                model = learn(plan, features, target[learned], judging)
                held_out[held] = told(model, judging[0])
                values.append(SCORES[OBJECTIVE](target[held], held_out[held]))
                bag.append((prepared, model))
            predictions[plan["name"]], told_of[plan["name"]], bags[plan["name"]] = held_out[judged], held_out, bag
            value = SCORES[OBJECTIVE](target[judged], held_out[judged])
            board.append({"model": plan["name"], OBJECTIVE: value, "spread": np.std(values, ddof=1) if len(values) > 1 else None,
                          "seconds": perf_counter() - began})
            print(f"{plan['name']}: {OBJECTIVE} {value:.6g}")
        """#

    /// Greedy selection, and the leaderboard.
    static let average = #"""
        def select(models, expected, additions=25):
            """Greedy ensemble selection with replacement (Caruana and others, 2004)."""
            names, chosen, course, rounded = list(models), [], [], False
            total = np.zeros_like(models[names[0]])
            for step in range(additions):
                errors = []
                for name in names:
                    blend = (total + models[name]) / (step + 1)
                    if blend.ndim > 1:
                        blend = blend / blend.sum(axis=1, keepdims=True)
                    found = error(blend, expected)
                    errors.append(round(found * 1e6) / 1e6 if rounded else found)
                least = min(errors)
                ties = [name for name, one in zip(names, errors) if one == least]
                best = next((name for name in ties if name in chosen), ties[0])
                rounded = least > 1e-4 if step == 0 else rounded
                total = total + models[best]
                chosen.append(best)
                course.append(least)
                if len(names) == 1:
                    break
            chosen = chosen[:course.index(min(course)) + 1]
            return {name: chosen.count(name) / len(chosen) for name in names if name in chosen}


        weights = WEIGHTS or select(predictions, target[judged])
        average_of_models = sum(weights[name] * predictions[name] for name in weights)
        best = SCORES[OBJECTIVE](target[judged], average_of_models)
        for line in board:
            line["weight"] = weights.get(line["model"], 0.0)
        board = pd.DataFrame(board).sort_values(OBJECTIVE, ascending=MINIMISES).reset_index(drop=True)
        print(board.to_string())
        print(f"the average: {OBJECTIVE} {best:.6g}")
        """#

    /// New rows.
    static let predict = #"""
        def bag_says(name, rows):
            """The mean of a candidate's models of folds."""
            below = [bag_says(other, rows) for plan in PLAN if plan["name"] == name for other in plan.get("stack", ())]
            return sum(told(model, with_models(prepared.transform(rows[columns]), below)) for prepared, model in bags[name]) / len(bags[name])


        def predict(rows):
            """What the average says of new rows: numbers, or names of classes."""
            total = sum(weight * bag_says(name, rows) for name, weight in weights.items())
            return np.array(CLASSES)[classes_of(total)] if CLASSES else total


        print(predict(frame.head()))
        """#
}
