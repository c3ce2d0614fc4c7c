// The training step of Engine/MlpStep.cs in C++, over the same libtorch and in the same process: what the engine is compared with.
#include <torch/torch.h>

namespace {

struct Mlp {
  Mlp(int64_t batch, int64_t width, int64_t hidden)
      : model(torch::nn::Linear(width, hidden), torch::nn::ReLU(), torch::nn::Linear(hidden, width)),
        optimizer(model->parameters(), torch::optim::AdamWOptions(1e-3).weight_decay(0.01)),
        input(torch::randn({batch, width})),
        target(torch::randn({batch, width})) {}

  void step() {
    optimizer.zero_grad();
    torch::nn::functional::mse_loss(model->forward(input), target).backward();
    optimizer.step();
  }

  torch::nn::Sequential model;
  torch::optim::AdamW optimizer;
  torch::Tensor input, target;
};

}  // namespace

extern "C" {

__attribute__((visibility("default"))) void* comigs_mlp_new(int64_t batch, int64_t width, int64_t hidden) { return new Mlp(batch, width, hidden); }

__attribute__((visibility("default"))) void comigs_mlp_steps(void* mlp, int64_t count) {
  for (int64_t i = 0; i < count; i++) static_cast<Mlp*>(mlp)->step();
}

}
