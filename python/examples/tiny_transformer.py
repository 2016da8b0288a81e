"""Fine-tuning a small transformer, made from scratch in PyTorch, with no weights from elsewhere.

It first learns to continue the reviews of sample-data (words in, next word out), then that body is fine-tuned, with a
warm-up and a falling learning rate, to tell from a review whether the guest would come again.

    descent train sample-data/reviews.csv --algorithm script --script python/examples/tiny_transformer.py
"""

import collections
import csv
import os
import re

import torch
from torch import nn

import descent

HERE = os.path.dirname(os.path.abspath(__file__))
REVIEWS = os.path.join(HERE, "..", "..", "sample-data", "reviews.csv")
LENGTH = 64


def read(path, text_name, label_name):
    """The words of each text, and the labels."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [re.findall(r"[a-z']+", row[text_name].lower()) for row in rows], [row[label_name] for row in rows]


def encoded(texts, vocabulary):
    """Numbers [n, LENGTH] from 2 on; 1 is any other word, 0 fills up."""
    numbers = [[vocabulary.get(word, 1) for word in words[:LENGTH]] for words in texts]
    return torch.tensor([row + [0] * (LENGTH - len(row)) for row in numbers])


class Body(nn.Module):
    """A decoder: each place sees those before it. Returns [n, LENGTH, width]."""

    def __init__(self, words, width, heads, layers, dropout):
        super().__init__()
        self.words = nn.Embedding(words, width)
        self.places = nn.Embedding(LENGTH, width)
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, dropout, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)

    def forward(self, words):
        length = words.shape[1]
        hidden = self.words(words) + self.places(torch.arange(length))
        mask = nn.Transformer.generate_square_subsequent_mask(length)
        return self.norm(self.layers(hidden, mask=mask, is_causal=True))


class Classifier(nn.Module):
    def __init__(self, body, width, classes):
        super().__init__()
        self.body, self.head = body, nn.Linear(width, classes)

    def forward(self, words):
        hidden = self.body(words)
        present = (words != 0).unsqueeze(-1)
        return self.head((hidden * present).sum(1) / present.sum(1).clamp(min=1))


def main():
    given = descent.hyperparameters(text="review", label="again", words=1000, width=64, heads=4, layers=1, dropout=0.1,
                                    learning_rate=0.008, pretrain_steps=100, steps=200, warmup=20, batch_size=32, seed=1)
    torch.manual_seed(given["seed"])
    texts, labels = read(descent.channel("train", REVIEWS), given["text"], given["label"])
    names = sorted(set(labels))
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    held, kept = order[:len(order) // 5], order[len(order) // 5:]
    counts = collections.Counter(word for place in kept.tolist() for word in texts[place])
    vocabulary = {word: place + 2 for place, (word, _) in enumerate(counts.most_common(given["words"]))}
    texts, labels = encoded(texts, vocabulary), torch.tensor([names.index(label) for label in labels])
    body = Body(len(vocabulary) + 2, given["width"], given["heads"], given["layers"], given["dropout"])
    loss_function = nn.CrossEntropyLoss()
    descent.plan(steps=given["pretrain_steps"] + given["steps"])

    language = nn.Sequential(body, nn.Linear(given["width"], len(vocabulary) + 2))
    optimizer = torch.optim.AdamW(language.parameters(), lr=given["learning_rate"])
    resumed = descent.resume_from()
    for step in range(0 if resumed is None else given["pretrain_steps"], given["pretrain_steps"]):
        batch = texts[kept[torch.randint(len(kept), (given["batch_size"],))]]
        output = language(batch[:, :-1])
        loss = nn.functional.cross_entropy(output.flatten(0, 1), batch[:, 1:].flatten(), ignore_index=0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        descent.log({"train:language_loss": loss.item()}, step=step)
        if descent.should_stop():
            return

    model = Classifier(body, given["width"], len(names))
    optimizer = torch.optim.AdamW([{"params": body.parameters(), "lr": given["learning_rate"] / 2},
                                   {"params": model.head.parameters()}], lr=given["learning_rate"])

    def share(step):
        rising = min(1.0, (step + 1) / given["warmup"])
        return rising * max(0.05, 1 - step / given["steps"])
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, share)
    begin, best = given["pretrain_steps"], float("inf")
    if resumed:
        state = torch.load(resumed.path, weights_only=True)
        for part, name in ((model, "model"), (optimizer, "optimizer"), (scheduler, "scheduler")):
            part.load_state_dict(state[name])
        begin, best = state["step"] + 1, state["best"]
        torch.set_rng_state(state["random"])
    folder = os.environ.get("SM_CHECKPOINT_DIR", "checkpoints")
    os.makedirs(folder, exist_ok=True)
    hook = descent.Hook(model, optimizer, scheduler=scheduler, start_step=begin)
    for step in range(begin, given["pretrain_steps"] + given["steps"]):
        model.train()
        chosen = kept[torch.randint(len(kept), (given["batch_size"],))]
        loss = loss_function(model(texts[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        descent.log({"train:loss": loss.item(), "train:learning_rate": scheduler.get_last_lr()[0]}, step=step)
        if (step + 1) % 20 == 0:
            model.eval()
            with torch.no_grad():
                output = model(texts[held])
                held_loss = loss_function(output, labels[held]).item()
                accuracy = (output.argmax(1) == labels[held]).float().mean().item()
            descent.log({"validation:loss": held_loss, "validation:accuracy": accuracy}, step=step)
            print("step %d: loss: %.4f val_loss: %.4f val_accuracy: %.4f" % (step + 1, loss.item(), held_loss, accuracy), flush=True)
            is_best = held_loss < best
            if is_best:
                best = held_loss
                output_folder = os.environ.get("SM_MODEL_DIR", "model")
                os.makedirs(output_folder, exist_ok=True)
                torch.save({"model": model.state_dict(), "classes": names, "vocabulary": vocabulary},
                           os.path.join(output_folder, "transformer.pt"))
            path = os.path.join(folder, "transformer.pt")
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(),
                        "step": step, "best": best, "random": torch.get_rng_state()}, path + ".part")
            os.replace(path + ".part", path)
            descent.checkpoint(path, step=step, best=is_best)
        if descent.should_stop():
            break
    hook.close()


if __name__ == "__main__":
    main()
