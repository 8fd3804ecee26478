// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/peers/contenders/contract.hpp"

#include "mien/core/error.hpp"

#include <chrono>
#include <iostream>
#include <map>

namespace peers {

Job job_from(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  const auto option = [&](const char* name) {
    const auto found = options.find(name);
    if (found == options.end())
      throw mien::Error(mien::concat("there is no ", name, "; benchmarks/peers/run gives it"));
    return found->second;
  };
  if (option("--net") != "seed" || option("--precision") != "f32")
    throw mien::Error(mien::concat("asked for ", option("--net"), " in ", option("--precision"),
                                   ", but this contender has the field's network (seed) in f32 alone"));
  const std::string task = option("--task");
  if (task != "train" && task != "infer")
    throw mien::Error(mien::concat("the task is \"", task, "\"; there are train and infer"));
  return {.train = task == "train",
          .variant = option("--variant"),
          .batch = std::stol(option("--batch")),
          .threads = std::stoi(option("--threads")),
          .model = option("--model"),
          .faces = option("--faces"),
          .outputs = option("--outputs")};
}

Faces::Faces(const std::filesystem::path& path, std::int64_t batch)
    : file_(mien::read_safetensors(path)), batch_(batch), batches_(0) {
  const auto* x = file_.find("x");
  const auto* labels = file_.find("labels");
  if (x == nullptr || labels == nullptr || x->shape()[0] != labels->shape()[0])
    throw mien::Error(path.string() + " does not hold x and as many labels; peers_material writes such a file");
  batches_ = x->shape()[0] / batch;
  if (batches_ == 0)
    throw mien::Error(mien::concat(path.string(), " holds ", x->shape()[0], " faces, a batch has ", batch));
}

std::span<const float> Faces::x(std::int64_t step) const {
  const auto& x = *file_.find("x");
  const auto picture = x.size() / static_cast<std::size_t>(x.shape()[0]);
  const auto floats = picture * static_cast<std::size_t>(batch_);
  return x.view<float>().span().subspan(static_cast<std::size_t>(step % batches_) * floats, floats);
}

std::span<const std::int32_t> Faces::labels(std::int64_t step) const {
  const auto labels = file_.find("labels")->view<std::int32_t>().span();
  return labels.subspan(static_cast<std::size_t>((step % batches_) * batch_), static_cast<std::size_t>(batch_));
}

void serve(const std::string& library, const std::string& version, const std::function<void(std::int64_t step)>& run) {
  std::cout << R"({"ready": {")" << library << R"(": ")" << version << "\"}}" << std::endl;
  std::string order;
  std::int64_t count = 0, step = 0;
  while (std::cin >> order >> count && order == "time") {
    run(step++);
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t i = 0; i < count; ++i) run(step++);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    std::cout << R"({"steps": )" << count << R"(, "seconds": )" << passed.count() << "}" << std::endl;
  }
}

} // namespace peers
